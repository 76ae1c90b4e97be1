package logplex

import (
	"bytes"
	"time"
)

// Line is one syslog line as Logplex writes it: "<PRI>1 TIME HOST APP PROC MSGID MSG", which is RFC 5424 without its structured data.
// The slices share the message's memory.
type Line struct {
	Priority int       // 0-191 (RFC 5424), or -1 when it is out of range
	Time     time.Time // UTC; zero when TimeText is unreadable
	TimeText []byte    // the time as it was sent; microseconds for dynos, whole seconds for add-ons
	Source   []byte    // APP-NAME: "app" for dynos and add-ons, "heroku" for the platform; never the app's name
	Process  []byte    // PROCID: "web.1", "router", "heroku-postgres"
	Message  []byte    // the text without the newline that ends it; may be empty and may hold newlines
	Newline  bool      // the message ended in a newline; a chunk of a longer line, L10, Postgres and Redis lines do not
}

// ParseLine reads a frame's message. It is false when that is no line of Logplex's at all. Oddities inside a field are no failure:
// the field is kept, and Priority or Time says that it could not be read.
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
	_, rest, _ = cut(rest) // the host name is always "host"
	if line.Source, rest, ok = cut(rest); !ok {
		return Line{}, false
	}
	line.Process, rest, _ = cut(rest)
	_, line.Message, _ = cut(rest) // the message id is always "-"
	line.Time, _ = parseTime(line.TimeText)
	return line, true
}

// cut takes the field in front of the next space off a line. Only one space is taken: the text may be indented.
func cut(line []byte) (field, rest []byte, found bool) {
	i := bytes.IndexByte(line, ' ')
	if i < 0 {
		return line, line[len(line):], false
	}
	return line[:i], line[i+1:], true
}

// priority is the PRI of up to ten digits, or -1 when it is not one of RFC 5424's.
func priority(digits []byte) int {
	n := number(digits)
	if n > maxPriority {
		return -1
	}
	return n
}

// maxPriority is 23 facilities times 8 and the lowest severity. https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
const maxPriority = 191

var severities = [8]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

// Severity is the word for the lower three bits of the priority, as RFC 5424 orders them; "" when the priority is unknown.
func (l Line) Severity() string {
	if l.Priority < 0 || l.Priority > maxPriority {
		return ""
	}
	return severities[l.Priority%len(severities)]
}
