package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logplex"
)

// mark begins the number that every line ends with, so that it can be told from all others.
const mark = " #"

// source makes the lines of an app, each with its number, at the pace of all apps. Lines of more than 10,000 bytes are left out, because their
// pieces are joined in the store: the fault matrix has those.
type source struct {
	generator *simulate.Generator
	window    *window
	pacer     *pacer
	ctx       context.Context // ends the waiting for the pacer
	made      int
}

// Next returns the next line.
func (s *source) Next(at time.Time) []byte {
	s.window.take()
	s.pacer.wait(s.ctx)
	raw := s.generator.Next(at)
	for chunk := false; chunk || len(raw) > logplex.ChunkSize; raw = s.generator.Next(at) {
		chunk = len(raw) > logplex.ChunkSize
	}
	s.made++
	text, newline := bytes.CutSuffix(raw, []byte("\n"))
	marked := fmt.Appendf(bytes.Clone(text), "%s%d", mark, s.made)
	if newline {
		marked = append(marked, '\n')
	}
	return marked
}

// number returns the number in a line or an event; 0 if it has none.
func number(text string) int {
	_, digits, found := cutLast(text, mark)
	if !found {
		return 0
	}
	digits, _, _ = strings.Cut(digits, " ") // a mark of the store may follow
	n, err := strconv.Atoi(strings.TrimSuffix(digits, "\n"))
	if err != nil {
		return 0
	}
	return n
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// event is a stored line.
type event struct {
	time int64 // milliseconds
	text string
}

// expected returns the event that a line must become in the text format. It is code of its own, so that an error of the storage function is not
// repeated here.
func expected(raw []byte) (event, error) {
	var fields [6][]byte // PRI and version, time, host, source, process, message id
	message, found := bytes.TrimSuffix(raw, []byte("\n")), true
	for i := range fields {
		if fields[i], message, found = bytes.Cut(message, []byte(" ")); !found {
			return event{}, fmt.Errorf("%q is not a line", raw)
		}
	}
	var at time.Time
	if err := at.UnmarshalText(fields[1]); err != nil {
		return event{}, err
	}
	var text strings.Builder // one allocation for each line that is checked
	text.Grow(len(raw) + len(" [host ]"))
	text.Write(fields[3])
	text.WriteByte('[')
	text.Write(fields[4])
	text.WriteString("]: ")
	if host := fields[2]; string(host) != "host" {
		text.Write(bytes.TrimPrefix(message, []byte("- ")))
		text.WriteString(" [host ")
		text.Write(host)
		text.WriteByte(']')
	} else {
		text.Write(message)
	}
	return event{time: at.UnixMilli(), text: strings.ToValidUTF8(text.String(), "\uFFFD")}, nil
}
