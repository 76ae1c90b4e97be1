package logformat

import (
	"bytes"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// The marks of the text format.
const (
	continuedMark = "[continued] "
	noTimeMark    = " [no readable time]"
	movedMark     = " [original time " // the time and "]" follow
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
	switch {
	case l.Malformed:
	case l.NoTime:
		dst = append(dst, noTimeMark...)
	case l.Moved:
		dst = append(dst, movedMark...)
		dst = append(dst, l.OriginalTime...)
		dst = append(dst, ']')
	}
	return dst
}

// readText reads an event in the text format. The time is the event's.
func readText(text string, eventTime time.Time) Line {
	header, message, found := strings.Cut(text, "]: ")
	source, process, named := strings.Cut(header, "[")
	if !found || !named || header == "[" || strings.Contains(header, " ") {
		return Line{Time: eventTime, Message: []byte(text)}
	}
	l := Line{Time: eventTime, Source: []byte(source), Process: []byte(process)}
	message, l.Continued = strings.CutPrefix(message, continuedMark)
	l.Malformed = bytes.Equal(l.Source, ownSource) && bytes.Equal(l.Process, malformedProcess)
	if l.Malformed {
		l.NoTime = true
	} else if message, l.NoTime = strings.CutSuffix(message, noTimeMark); !l.NoTime {
		message, l.OriginalTime, l.Moved = cutOriginalTime(message)
	}
	l.Message = []byte(message)
	return l
}

// cutOriginalTime cuts the mark of a moved line off its message.
func cutOriginalTime(text string) (message string, original []byte, moved bool) {
	at := strings.LastIndex(text, movedMark)
	if at < 0 || !strings.HasSuffix(text, "]") {
		return text, nil, false
	}
	original = []byte(text[at+len(movedMark) : len(text)-1])
	if _, readable := logplex.ParseTime(original); !readable {
		return text, nil, false
	}
	return text[:at], original, true
}
