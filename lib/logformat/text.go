package logformat

import (
	"bytes"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// The marks of the text format. Those that end with a space are followed by a value without spaces and "]".
const (
	continuedMark  = "[continued] "
	hostMark       = " [host "
	priorityMark   = " [priority "
	noTimeMark     = " [no readable time]"
	unreadableMark = " [no readable time: "
	movedMark      = " [original time "
)

// Text returns the text format.
func Text() Format { return textFormat{} }

// textFormat writes lines as `heroku logs` prints them after the time: "app[web.1]: message".
type textFormat struct{}

func (textFormat) Append(dst []byte, l *Line) []byte {
	dst = append(dst, l.Source...)
	dst = append(dst, '[')
	dst = append(dst, l.Process...)
	dst = append(dst, "]: "...)
	return l.AppendText(dst)
}

func (textFormat) width(byte) int { return 1 }

// AppendText appends the message and its marks, as the text format writes them after source and process.
func (l *Line) AppendText(dst []byte) []byte {
	if l.Continued {
		dst = append(dst, continuedMark...)
	}
	dst = append(dst, l.Message...)
	if len(l.Host) > 0 {
		dst = appendMark(dst, hostMark, l.Host)
	}
	if len(l.Priority) > 0 {
		dst = appendMark(dst, priorityMark, l.Priority)
	}
	switch {
	case l.Malformed:
	case l.NoTime && isNil(string(l.OriginalTime)):
		dst = append(dst, noTimeMark...)
	case l.NoTime:
		dst = appendMark(dst, unreadableMark, l.OriginalTime)
	case l.Moved:
		dst = appendMark(dst, movedMark, l.OriginalTime)
	}
	return dst
}

func appendMark(dst []byte, mark string, value []byte) []byte {
	dst = append(dst, mark...)
	dst = append(dst, value...)
	return append(dst, ']')
}

// isNil reports whether a value is empty or RFC 5424's NILVALUE.
func isNil(value string) bool { return value == "" || value == "-" }

// readText reads an event in the text format. The time is the event's.
func readText(text string, eventTime time.Time) Line {
	header, message, found := strings.Cut(text, "]: ")
	source, process, named := strings.Cut(header, "[")
	if !found || !named || header == "[" || strings.Contains(header, " ") {
		return Line{Time: eventTime, Message: []byte(text)}
	}
	all := []byte(text) // of which the line's texts are parts
	l := Line{Time: eventTime, Source: part(all, 0, len(source)), Process: part(all, len(source)+1, len(process))}
	message, l.Continued = strings.CutPrefix(message, continuedMark)
	l.Malformed = bytes.Equal(l.Source, ownSource) && bytes.Equal(l.Process, malformedProcess)
	if l.Malformed {
		l.NoTime = true
	} else {
		message = l.cutMarks(message)
	}
	start := len(header) + len("]: ")
	if l.Continued {
		start += len(continuedMark)
	}
	l.Message = part(all, start, len(message)) // marks are at the end
	return l
}

// part returns bytes of a text, to which nothing can be appended in place.
func part(text []byte, start, length int) []byte { return text[start : start+length : start+length] }

// cutMarks cuts the marks off the end of a message, sets the fields that they contain, and returns the message. The marks are in the order of
// AppendText.
func (l *Line) cutMarks(message string) string {
	if message, l.NoTime = strings.CutSuffix(message, noTimeMark); !l.NoTime {
		if message, l.OriginalTime = cutMark(message, unreadableMark, isUnreadable); l.OriginalTime != nil {
			l.NoTime = true
		} else {
			message, l.OriginalTime = cutMark(message, movedMark, isReadable)
			l.Moved = l.OriginalTime != nil
		}
	}
	message, l.Priority = cutMark(message, priorityMark, isOutOfRange)
	message, l.Host = cutMark(message, hostMark, isHost)
	return message
}

// cutMark cuts a mark with a possible value off the end of a message. Without one, the value is nil.
func cutMark(message, mark string, possible func(value string) bool) (before string, value []byte) {
	text, closed := strings.CutSuffix(message, "]")
	if !closed {
		return message, nil // the usual case
	}
	at := strings.LastIndex(text, mark)
	if at < 0 {
		return message, nil
	}
	if v := text[at+len(mark):]; !strings.Contains(v, " ") && possible(v) {
		return text[:at], []byte(v)
	}
	return message, nil
}

func isReadable(value string) bool {
	_, readable := logplex.ParseTime([]byte(value))
	return readable
}

func isUnreadable(value string) bool { return !isNil(value) && !isReadable(value) }

func isHost(value string) bool { return !isNil(value) && value != "host" }

func isOutOfRange(value string) bool {
	line, ok := logplex.ParseLine([]byte("<" + value + ">1 - - - -"))
	return ok && line.Priority < 0
}
