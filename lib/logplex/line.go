package logplex

import (
	"bytes"
	"strconv"
	"time"
)

// TimeLayout is the layout of the times that Logplex writes: RFC 3339 with microseconds, trailing zeros dropped. Add-ons and Logplex itself
// send whole seconds, which this layout writes without a fraction.
const TimeLayout = "2006-01-02T15:04:05.999999-07:00"

// What Logplex writes into fields without information: every host is called "host", and the message ID is RFC 5424's NILVALUE.
const (
	hostName = "host"
	nilValue = "-"
)

// Line is one syslog line as Logplex sends it: "<PRI>1 TIME HOST APP PROC MSGID MSG", which is RFC 5424 without STRUCTURED-DATA. The slices
// of a parsed Line share the memory of the message it was parsed from.
//
// No information is dropped. A MSGID other than the NILVALUE becomes the beginning of the Message, because it may be part of the text. In a
// Shield Private Space, log-shuttle posts its lines itself: HOST then has another value, and a second NILVALUE, for STRUCTURED-DATA, follows
// MSGID; it does not belong to the Message. https://github.com/heroku/log-shuttle/blob/master/config.go
type Line struct {
	Priority     int       // 0-191 (RFC 5424), or -1 if out of range
	PriorityText []byte    // PRI as it was sent, if it is out of range; otherwise nil
	Time         time.Time // in UTC; zero if TimeText is not a valid time
	TimeText     []byte    // the time as it was sent
	Host         []byte    // HOSTNAME; nil for Logplex's "host" and for the NILVALUE, which carry no information
	Source       []byte    // APP-NAME: "app" for dynos and add-ons, "heroku" for the platform; never the name of the Heroku app
	Process      []byte    // PROCID: "web.1", "router", "heroku-postgres"
	Message      []byte    // the text without the newline that ends it; may be empty, and may contain newlines
	Newline      bool      // whether a newline follows Message; it does not in L10, Postgres and Redis lines, and in chunks of a longer line
}

// ParseLine parses the message of a frame. It returns false if the message is not a line of Logplex's. An invalid field does not make it
// fail: the field is kept as it is, and Priority or Time shows that it is invalid.
func ParseLine(message []byte) (Line, bool) {
	n := opening(message)
	if n == 0 {
		return Line{}, false
	}
	digits := message[1 : n-len(">1 ")]
	line := Line{Priority: priority(digits)}
	if line.Priority < 0 {
		line.PriorityText = digits
	}
	rest := message[n:]
	if end := len(rest) - 1; end >= 0 && rest[end] == '\n' {
		rest, line.Newline = rest[:end], true
	}
	var ok bool
	line.TimeText, rest, _ = cut(rest)
	if named, usual := bytes.CutPrefix(rest, []byte(hostName+" ")); usual {
		rest = named
	} else {
		line.Host, rest, _ = cut(rest)
	}
	if line.Source, rest, ok = cut(rest); !ok {
		return Line{}, false
	}
	line.Process, rest, _ = cut(rest)
	line.Message = rest
	if text, ok := cutNil(rest); ok {
		line.Message = text
		if text, ok := cutNil(text); ok && !line.mayBeginWithNil() {
			line.Message = text
		}
	}
	if string(line.Host) == nilValue {
		line.Host = nil
	}
	line.Time, _ = ParseTime(line.TimeText)
	return line, true
}

// mayBeginWithNil reports whether the text itself may begin with "- ": a dyno can print a list, whose line Logplex sends without a NILVALUE
// for STRUCTURED-DATA in front. Heroku's own lines never begin with "- ".
func (l *Line) mayBeginWithNil() bool {
	return len(l.Host) == 0 && string(l.Source) != platformSource && !bytes.HasPrefix(l.Process, []byte(addonPrefix))
}

// cutNil removes a NILVALUE, and the space after it, from the beginning of the text. It returns false if there is none.
func cutNil(text []byte) (rest []byte, ok bool) {
	switch {
	case len(text) > 1 && text[0] == nilValue[0] && text[1] == ' ':
		return text[2:], true
	case string(text) == nilValue:
		return text[len(text):], true
	}
	return text, false
}

// AppendLine appends line to dst as Logplex writes it, ready for AppendFrame. The time is TimeText, or else Time in UTC to the microsecond,
// or else RFC 5424's NILVALUE "-". ParseLine reads the same Line back, provided that Priority is in range or PriorityText is set, TimeText,
// Host, Source and Process contain no spaces, and Message does not end in a newline unless Newline is set.
func AppendLine(dst []byte, line Line) []byte {
	dst = append(dst, '<')
	if len(line.PriorityText) > 0 {
		dst = append(dst, line.PriorityText...)
	} else {
		dst = strconv.AppendInt(dst, int64(line.Priority), 10)
	}
	dst = append(dst, ">1 "...)
	switch {
	case len(line.TimeText) > 0:
		dst = append(dst, line.TimeText...)
	case !line.Time.IsZero():
		dst = line.Time.UTC().AppendFormat(dst, TimeLayout)
	default:
		dst = append(dst, nilValue...)
	}
	dst = append(dst, ' ')
	if len(line.Host) > 0 {
		dst = append(dst, line.Host...)
	} else {
		dst = append(dst, hostName...)
	}
	dst = append(dst, ' ')
	dst = append(dst, line.Source...)
	dst = append(dst, ' ')
	dst = append(dst, line.Process...)
	dst = append(dst, " "+nilValue+" "...)
	if _, ok := cutNil(line.Message); ok && !line.mayBeginWithNil() {
		dst = append(dst, nilValue+" "...)
	}
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
