// Package logformat is the stored line: what a log event holds of a log line, in two formats.
//
// # Text format
//
// A line is "app[web.1]: message": source, process and message as `heroku logs` prints them after the time. The time is the event's.
//
//   - Bytes that are not a line: "heroku-drains[malformed]: " and the bytes.
//   - A line whose time CloudWatch Logs would reject gets the nearest time that it accepts, or the current time if the line's is in the
//     future, and ends with " [original time 2014-12-08T22:17:12+00:00]". A line without a readable time gets the time at which it was
//     received, and ends with " [no readable time]".
//   - A line too long for one event becomes several, of which all but the first begin with "app[web.1]: [continued] ".
//
// # JSON format
//
// A line is an object with these members, in this order. Source and process are Heroku's:
//
//	{"time":"2026-11-20T12:00:00.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"…"}
//
// The message is always the whole text of the line. Before it come, where they apply, "original_time" (the text of a time that was replaced
// because CloudWatch Logs would reject it, or because it is unreadable), "malformed":true and "continued":true. After it come, sorted by
// name, the fields found in the line:
//
//   - of a router line all its pairs, with numbers for status, bytes, connect and service (both in milliseconds) and a boolean for tls:
//     { $.status = 503 && $.service > 1000 }
//   - of a line of metrics its samples as numbers in the unit that Heroku prints, without "sample#": memory_total is in MB, db_size in
//     bytes, memory-total of a database in kB: { $.memory_total > 512 }
//   - of a line that reports a Heroku error its code: { $.source = "heroku" && $.code = "R14" }
//   - of a line that is a JSON object all its members, unchanged: { $.level = "error" }
//
// A field with one of the names above goes into the object "data" instead: { $.data.message = "*timeout*" }. Fields without a value are
// omitted. Router lines, metrics and errors are only read where Heroku writes them, by source and process. A dyno can print the same text,
// or a JSON object with a code, so a filter for Heroku's own lines should test the source as well. A line whose fields do not fit into its
// event is stored without them.
package logformat
