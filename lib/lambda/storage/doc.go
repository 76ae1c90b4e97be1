// Package storage stores what a drain's queue holds as log events: an SQS batch becomes lines, lines become events, and events PutLogEvents
// calls. The answer is a partial batch response: it names exactly the messages that are not stored.
//
// A call carries the lines of whole messages, so that one that fails names the messages to deliver again and no other line is stored twice.
// Messages that come again although they are stored are told by Logplex's frame id, as far as the function's memory goes; a line may be
// stored twice after the function was killed, or an answer of CloudWatch's got lost, but none is dropped in silence.
//
// # Text format
//
// A line is "app[web.1]: message": source, process and message as `heroku logs` prints them behind the time, which is the event's.
//
//   - Bytes that are no line: "heroku-drains[malformed]: " and the bytes.
//   - A line whose time CloudWatch would refuse is moved to the nearest it takes, or to now when it is ahead, and ends with
//     " [original time 2014-12-08T22:17:12+00:00]"; one without a readable time has the time of its arrival and ends with
//     " [no readable time]".
//   - A line longer than an event is several, of which all but the first begin with "app[web.1]: [continued] ".
//
// # JSON format
//
// A line is an object with these names, in this order, of which source and process are Heroku's:
//
//	{"time":"2026-11-20T12:00:00.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"…"}
//
// The message is always the whole text of the line. In front of it stand, where they apply, "original_time" (the text of a time that was
// moved or could not be read), "malformed":true and "continued":true. Behind it come, sorted by name, the fields that the line holds:
//
//   - of a router line all its pairs, with numbers for status, bytes, connect and service (both in milliseconds) and a boolean for tls:
//     { $.status = 503 && $.service > 1000 }
//   - of a line of metrics its samples as numbers in the unit that Heroku prints, without "sample#": memory_total is in MB, db_size in
//     bytes, memory-total of a database in kB: { $.memory_total > 512 }
//   - of a line that reports a Heroku error its code: { $.source = "heroku" && $.code = "R14" }
//   - of a line that is a JSON object all its members, as they are: { $.level = "error" }
//
// A field that has one of the names above goes into the object "data" instead: { $.data.message = "*timeout*" }. Fields without a value are
// left out. Router lines, metrics and errors are read where Heroku writes them, by source and process; a dyno can print the same text, or a
// JSON object with a code, so a filter for Heroku's own should ask for the source as well. A line whose fields do not fit into its event is
// stored without them.
package storage
