// Package logplex reads and writes what Heroku's Logplex sends to an HTTPS drain: a body of octet-counted frames, each with one syslog line.
// Reading works on bytes, copies nothing, and loses no byte: bytes that are not a frame are returned as malformed.
// Wire format: https://github.com/heroku/logplex/blob/master/doc/README.http_drains.md
package logplex

import (
	"bytes"
	"iter"
	"strconv"
)

// Frame is one piece of the body of a drain request: a frame, or bytes that could not be read as one.
type Frame struct {
	Raw       []byte // the bytes in the body: count, space and message
	Message   []byte // the counted bytes; in malformed pieces the same as Raw
	Malformed bool   // not a frame: bytes between frames, a wrong count, a truncated end
}

// Blank reports whether the message is nothing but white space, as some senders put between frames.
func (f Frame) Blank() bool {
	if len(f.Message) > 0 && f.Message[0] > ' ' {
		return false // the usual case
	}
	return len(bytes.TrimSpace(f.Message)) == 0
}

// Frames splits a body into frames by their byte counts. Newlines do not matter: L10, Postgres and Redis lines end without one, and a message
// may contain some. The pieces are in the order of the body, share its memory, and their Raw bytes add up to it.
//
// A malformed frame does not affect its neighbors: reading continues at the next header of a frame (see scanner), and the bytes before it are
// one malformed piece. The time taken is linear in the length of the body, whatever its content.
func Frames(body []byte) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		s := newScanner(body)
		for at := 0; at < len(body); {
			f := s.frame(at)
			if f.start > at {
				raw := body[at:f.start:f.start]
				if !yield(Frame{Raw: raw, Message: raw, Malformed: true}) {
					return
				}
			}
			if f.end > f.start && !yield(Frame{Raw: body[f.start:f.end:f.end], Message: body[f.message:f.end:f.end]}) {
				return
			}
			at = f.end
		}
	}
}

// AppendFrame appends message to dst as a frame: its length in bytes, a space, and the message.
func AppendFrame(dst, message []byte) []byte {
	dst = strconv.AppendInt(dst, int64(len(message)), 10)
	dst = append(dst, ' ')
	return append(dst, message...)
}
