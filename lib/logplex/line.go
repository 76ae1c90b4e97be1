package logplex

import (
	"bytes"
	"strconv"
	"time"
)

// TimeLayout is the layout of the times that Logplex writes: RFC 3339 with microseconds, trailing zeros dropped. Add-ons and Logplex itself
// send whole seconds, which this layout writes without a fraction.
const TimeLayout = "2006-01-02T15:04:05.999999-07:00"

// What Logplex writes into the fields that a Line does not have: every host is called "host", and RFC 5424's NILVALUE stands for the
// message ID.
const (
	hostName = "host"
	nilValue = "-"
)

// Line is one syslog line as Logplex sends it: "<PRI>1 TIME HOST APP PROC MSGID MSG", which is RFC 5424 without STRUCTURED-DATA. The slices
// of a parsed Line share the memory of the message it was parsed from.
type Line struct {
	Priority int       // 0-191 (RFC 5424), or -1 if out of range
	Time     time.Time // in UTC; zero if TimeText is not a valid time
	TimeText []byte    // the time as it was sent
	Source   []byte    // APP-NAME: "app" for dynos and add-ons, "heroku" for the platform; never the name of the Heroku app
	Process  []byte    // PROCID: "web.1", "router", "heroku-postgres"
	Message  []byte    // the text without the newline that ends it; may be empty, and may contain newlines
	Newline  bool      // whether a newline follows Message; it does not in L10, Postgres and Redis lines, and in chunks of a longer line
}

// ParseLine parses the message of a frame. It returns false if the message is not a line of Logplex's. An invalid field does not make it
// fail: the field is kept as it is, and Priority or Time shows that it is invalid.
func ParseLine(message []byte) (Line, bool) {
	n := opening(message)
	if n == 0 {
		return Line{}, false
	}
	line := Line{Priority: priority(message[1 : n-len(">1 ")])}
	rest := message[n:]
	if end := len(rest) - 1; end >= 0 && rest[end] == '\n' {
		rest, line.Newline = rest[:end], true
	}
	var ok bool
	line.TimeText, rest, _ = cut(rest)
	_, rest, _ = cut(rest) // hostName
	if line.Source, rest, ok = cut(rest); !ok {
		return Line{}, false
	}
	line.Process, rest, _ = cut(rest)
	_, line.Message, _ = cut(rest) // nilValue
	line.Time, _ = ParseTime(line.TimeText)
	return line, true
}

// AppendLine appends line to dst as Logplex writes it, ready for AppendFrame. The time is TimeText, or else Time in UTC to the microsecond,
// or else RFC 5424's NILVALUE "-". ParseLine reads the same Line back, provided that Priority is in range, TimeText, Source and Process
// contain no spaces, and Message does not end in a newline unless Newline is set.
func AppendLine(dst []byte, line Line) []byte {
	dst = append(dst, '<')
	dst = strconv.AppendInt(dst, int64(line.Priority), 10)
	dst = append(dst, ">1 "...)
	switch {
	case len(line.TimeText) > 0:
		dst = append(dst, line.TimeText...)
	case !line.Time.IsZero():
		dst = line.Time.UTC().AppendFormat(dst, TimeLayout)
	default:
		dst = append(dst, nilValue...)
	}
	dst = append(dst, " "+hostName+" "...)
	dst = append(dst, line.Source...)
	dst = append(dst, ' ')
	dst = append(dst, line.Process...)
	dst = append(dst, " "+nilValue+" "...)
	dst = append(dst, line.Message...)
	if line.Newline {
		dst = append(dst, '\n')
	}
	return dst
}

// cut splits line at its first space. It removes that one space only, because the text may be indented.
func cut(line []byte) (field, rest []byte, found bool) {
	i := bytes.IndexByte(line, ' ')
	if i < 0 {
		return line, line[len(line):], false
	}
	return line[:i], line[i+1:], true
}
