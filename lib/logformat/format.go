package logformat

import (
	"iter"
	"strings"
	"time"
	"unicode/utf8"
)

// Format writes lines as the texts of log events. One Format must not be used by several goroutines at once.
type Format interface {
	// Append appends the text of a line, whose own texts must be valid UTF-8 (see Line.Clean). The text is never empty, because CloudWatch
	// Logs rejects empty events.
	Append(dst []byte, l *Line) []byte

	// width is the number of bytes that a byte of a message takes.
	width(c byte) int
}

// Read reads a log event back, in whichever format it is stored. The package documentation says what a format keeps of a line, and where
// the text format is ambiguous. Source and Process are both empty if the event is in neither format: then Message is the whole text.
func Read(text string, eventTime time.Time) Line {
	// A text line begins with its source, which is never a brace.
	if strings.HasPrefix(text, "{") {
		if l, ok := readJSON(text, eventTime); ok {
			return l
		}
	}
	return readText(text, eventTime)
}

// Split splits a line whose text is longer than limit bytes into lines that fit. It splits only between characters. All lines but the first
// are marked as continued, and none has fields.
func Split(f Format, l Line, limit int) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		message := l.Message
		for l.bare = true; len(message) > 0; l.Continued = true {
			l.Message = nil
			n := cut(message, limit-len(f.Append(nil, &l)), f)
			l.Message, message = message[:n], message[n:]
			if !yield(l) {
				return
			}
		}
	}
}

// cut returns how many bytes of the message take up to room bytes in the format, without cutting a character.
func cut(message []byte, room int, f Format) int {
	n := 0
	for n < len(message) {
		if room -= f.width(message[n]); room < 0 {
			break
		}
		n++
	}
	if n == len(message) {
		return n
	}
	for !utf8.RuneStart(message[n]) {
		n--
	}
	return n
}
