// Package logplextest writes, for tests, what Logplex sends: lines and their frames.
package logplextest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// Line returns a line without a newline at its end.
func Line(priority int, at time.Time, source, process, text string) string {
	return string(logplex.AppendLine(nil, logplex.Line{
		Priority: priority, TimeText: []byte(at.Format("2006-01-02T15:04:05.000000-07:00")),
		Source: []byte(source), Process: []byte(process), Message: []byte(text),
	}))
}

// Frame returns the frame of a message.
func Frame(message string) string { return string(logplex.AppendFrame(nil, []byte(message))) }

// Chunks returns the frames that log-shuttle makes of what a process printed: cut every 10,000 bytes, with the newline in the last one.
func Chunks(at time.Time, process, text string) []string {
	var frames []string
	for piece := range slices.Chunk([]byte(text+"\n"), 10_000) {
		frames = append(frames, Frame(Line(190, at, "app", process, string(piece))))
	}
	return frames
}

// Letters returns a text of n bytes that does not repeat itself.
func Letters(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.String()[:n]
}
