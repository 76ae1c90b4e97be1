package logformat

import (
	"bytes"
	"time"

	"heroku-drains/lib/logplex"
)

// Line is one log line, on its way into a log event or back out of one. Its slices may share the memory of what it was read from.
type Line struct {
	// Time is when the line was logged. In a log event it is the event's time, which can be another one: see NoTime and Moved.
	Time         time.Time
	OriginalTime []byte // the time as the line states it
	NoTime       bool   // OriginalTime is unreadable; Time is zero until it is set to the time of receipt
	Moved        bool   // CloudWatch Logs would reject the line's own time; Time is one that it accepts

	Host     []byte // the syslog host name, in a Shield Private Space; nil for Logplex's "host"
	Priority []byte // the syslog priority as it was sent, if it is out of range and Severity is therefore unknown
	Source   []byte // "app" for dynos and add-ons, "heroku" for the platform
	Process  []byte // "web.1", "router", "heroku-postgres"
	Severity string // RFC 5424's word for it, such as "info"; "" if unknown
	Message  []byte

	ID ID // in the JSON format; the text format has none

	Malformed bool // not a line: Message holds the bytes as they were sent
	Continued bool // Message continues that of the previous event, which could not hold all of it

	chunk bool // a full chunk of log-shuttle's: the message may continue in a later frame
	bare  bool // written without its fields, because one event cannot hold them and the message
}

// maxName is the longest source, process, time or host of a line, in bytes. RFC 5424 allows 48, 128, 32 and 255; anything far longer does not
// come from Logplex, and an event's text needs room for more than names. https://www.rfc-editor.org/rfc/rfc5424#section-6
const maxName = 256

// Malformed bytes are stored as lines of this source and process, which Heroku does not use.
var (
	ownSource        = []byte("heroku-drains")
	malformedProcess = []byte("malformed")
)

var shuttleProcess = []byte("log-shuttle")

// Parse returns the line in a frame. Nothing is dropped: bytes that are not a line come back as a malformed one.
func Parse(f logplex.Frame) Line {
	if !f.Malformed {
		l, ok := logplex.ParseLine(f.Message)
		if ok && len(l.Source) <= maxName && len(l.Process) <= maxName && len(l.TimeText) <= maxName && len(l.Host) <= maxName && !isObject(l.Source) {
			return Line{
				Time: l.Time, OriginalTime: l.TimeText, NoTime: l.Time.IsZero(), Host: l.Host, Priority: l.PriorityText,
				Source: l.Source, Process: l.Process, Severity: l.Severity(), Message: l.Message, chunk: l.IsChunk(),
			}
		}
	}
	return Line{NoTime: true, Source: ownSource, Process: malformedProcess, Message: f.Message, Malformed: true}
}

// isObject reports whether an event in the text format, which begins with the source, could be a JSON object. CloudWatch Logs makes metrics of
// those with the member _aws, and readers take them for lines in the JSON format. Heroku's sources have no braces.
func isObject(source []byte) bool { return bytes.IndexByte(source, '{') >= 0 }
