// Package logformat writes log lines as the texts of log events, and reads them back. There are two formats. In both, the source heroku-drains
// and the process escaped mark the text of an event that CloudWatch Logs refused, although it is within the documented limits: see Escaped.
//
// # Text format
//
// A line is "app[web.1]: message": source, process and message as `heroku logs` prints them after the time. The time is the event's.
//
//   - Bytes that are not a line: "heroku-drains[malformed]: " and the bytes. A line whose source contains "{" is none, because its event could be a
//     JSON object.
//   - A line whose time CloudWatch Logs would reject gets the nearest time that it accepts, or the current time if the line's is in the
//     future or older than the retention, and ends with " [original time 2014-12-08T22:17:12+00:00]". A line without a readable time gets the
//     time at which it was received, and ends with " [no readable time: 2026-11-20T23:59:60Z]", or with " [no readable time]" if it states
//     none.
//   - A line with a syslog host name that is not Logplex's "host", as in a Shield Private Space, ends with " [host shop]", and one with an
//     invalid syslog priority with " [priority 999]". If a line has several of these marks, the host is first, and the time last.
//   - A line too long for one event becomes several, of which all but the first begin with "app[web.1]: [continued] ".
//
// Read returns such a line as it was written, except that the time is in milliseconds, and the severity is lost. The format does not escape
// anything, so Read mistakes the following for parts of the format, and nothing else:
//
//   - a message that begins with "[continued] ", or is "[continued]" in front of a mark, or ends with " [no readable time]" or with another
//     mark around a possible value: " [host …]", " [priority …]", " [no readable time: …]", " [original time …]";
//   - a source that contains "[";
//   - the source heroku-drains with the process malformed, or an empty source with an empty process.
//
// Only the messages matter in practice, because Heroku's sources are "app" and "heroku". In all cases, printing the line that Read returns
// gives the stored text.
//
// # JSON format
//
// A line is an object. CloudWatch Logs charges for each byte, so the object has what the event's time and stream do not say, and nothing twice:
//
//	{"source":"app","process":"web.1","id":"q83vEjRWecg","message":"hello"}
//	{"source":"heroku","process":"router","id":"q83vEjRWech","at":"info","method":"GET","path":"/",…,"status":200,"bytes":1234,"protocol":"https"}
//
// It has these members, in this order:
//
//   - "source" and "process": Heroku's.
//   - "severity": unless it is "info". It is omitted as well if the syslog priority is invalid; "syslog_priority" has its text then.
//   - "syslog_host": a host name that is not Logplex's "host".
//   - "time", in RFC 3339 with microseconds: only if it is not the event's time, in milliseconds, and the microseconds in the ID.
//   - "original_time": the text of a time that was replaced because CloudWatch Logs would reject it, or because it is unreadable.
//   - "malformed":true and "continued":true, where they apply.
//   - "id": the same in every copy of a line that is stored more than once, and different in other lines, also in those with the same text and
//     time. Each piece of a line that takes several events has its own. The last ten of its bits are the microseconds of the time that the line
//     states, within its millisecond.
//   - "message": the text of the line, unless Read makes the same text of the fields, byte for byte. That is compared when the line is stored.
//
// Then come the fields found in the line, in its order:
//
//   - of a router line all its pairs, with numbers for status, bytes, connect and service (both in milliseconds) and a boolean for tls:
//     { $.status = 503 && $.service > 1000 }
//   - of a line of metrics its samples as numbers in the unit that Heroku prints, without "sample#": memory_total is in MB, db_size in
//     bytes, memory-total of a database in kB: { $.memory_total > 512 }
//   - of a line that reports a Heroku error its code: { $.source = "heroku" && $.code = "R14" }
//   - of a line that is a JSON object all its members, unchanged: { $.level = "error" }
//
// A field with one of the names above, or "app" or "data", goes into the object "data" instead: { $.data.message = "*timeout*" }. So does "_aws", of which CloudWatch
// would make metrics. Fields without a value are omitted, and so is the source of metrics if it is the process. Router lines, metrics and errors
// are only read where Heroku writes them, by source and process. A dyno can print the same text, or a JSON object with a code, so a filter for
// Heroku's own lines should test the source as well. A line whose fields do not fit into its event is stored without them.
//
// A line without an ID has its time and its message. Read also reads what earlier versions wrote: they began each object with the time and the app, and
// every one had its message.
//
// Read returns such a line as it was written, whatever it contains, except that the time is in microseconds. AppendObject writes all that is known of
// a line.
package logformat
