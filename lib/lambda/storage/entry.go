package storage

import (
	"iter"
	"time"
	"unicode/utf8"
)

// entry is a log line ready to be written in a format. Its texts are valid UTF-8.
type entry struct {
	time      time.Time // the event's
	noTime    bool      // the line has none that can be read: this is when it was received
	moved     bool      // CloudWatch would refuse the true one: this is one that it takes
	timeText  []byte    // the time as the line has it
	source    []byte
	process   []byte
	severity  string
	message   []byte
	malformed bool
	continued bool // the message goes on where the event before ended: one event could not hold it
	plain     bool // the line's fields are left out, because one event cannot hold them and the message
}

// Malformed bytes are shown as lines of this source and process, which Heroku does not have.
var (
	ownSource        = []byte("heroku-drains")
	malformedProcess = []byte("malformed")
)

// format writes entries as the text of events. It never writes an empty text, which CloudWatch refuses.
type format interface {
	append(dst []byte, e *entry) []byte
	// width is how many bytes a byte of a message takes.
	width(c byte) int
}

// split cuts an entry that one event cannot hold into several, between characters. All but the first are marked as continued.
func split(f format, e entry) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		message := e.message
		for e.plain = true; len(message) > 0; e.continued = true {
			e.message = nil
			n := cut(message, maxEventBytes-len(f.append(nil, &e)), f)
			e.message, message = message[:n], message[n:]
			if !yield(e) {
				return
			}
		}
	}
}

// cut is how many bytes of the message, written in the format, take up to room bytes, without cutting a character.
func cut(message []byte, room int, f format) int {
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
