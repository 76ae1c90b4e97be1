// Package logplex reads what Heroku's Logplex sends to an HTTPS drain: a body of octet-counted frames, each holding one syslog line.
// It works on bytes, copies nothing, and never gives a byte up: what is no frame comes back as such.
// Wire format: https://github.com/heroku/logplex/blob/master/doc/README.http_drains.md
package logplex

import (
	"iter"
	"strconv"
)

// ChunkSize is the length in bytes at which Heroku's log-shuttle cuts a long line into several frames. It cuts between any two bytes, so
// perhaps inside a UTF-8 character, and adds no newline.
// https://devcenter.heroku.com/articles/logging#log-message-limits
const ChunkSize = 10_000

// Frame is one piece of a drain request's body: a frame, or the bytes that stand where no frame could be read.
type Frame struct {
	Raw       []byte // the bytes as they stand in the body: count, space and message
	Message   []byte // the counted bytes; for malformed pieces the same as Raw
	Malformed bool   // no frame: bytes between frames, a bad count, a truncated end
}

// Frames cuts a body into frames by their byte counts. Newlines play no part: L10, Postgres and Redis lines end without one, and a message
// may hold some. The pieces come in the body's order and their Raw bytes, put together, are the body. They share the body's memory.
//
// A bad frame costs no neighbour: reading goes on at the next place where a frame's header stands (see scanner), and what lies between is
// one malformed piece. The time taken grows with the body's length alone, whatever the body holds.
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
