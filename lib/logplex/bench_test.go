package logplex_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"testing"
	"time"

	"heroku-drains/lib/logplex"
)

// BenchmarkScan reads the frames and lines, with their times, of a body of the size that Logplex aims at.
func BenchmarkScan(b *testing.B) {
	body, lines := batch()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for f := range logplex.Frames(body) {
			if line, ok := logplex.ParseLine(f.Message); ok && !line.Time.IsZero() {
				n++
			}
		}
		if n != lines {
			b.Fatalf("%d lines of %d", n, lines)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}

// BenchmarkScanUsual reads the same body in the usual way: through a bufio.Reader, the count with fmt, the line with a regular expression.
func BenchmarkScanUsual(b *testing.B) {
	body, lines := batch()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if n, err := scanUsual(body); n != lines || err != nil {
			b.Fatalf("%d lines of %d, %v", n, lines, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}

var usualLine = regexp.MustCompile(`(?s)^<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) (.*)$`)

func scanUsual(body []byte) (lines int, err error) {
	r := bufio.NewReader(bytes.NewReader(body))
	for {
		text, err := r.ReadString(' ')
		if err == io.EOF {
			return lines, nil
		}
		var count int
		if _, err := fmt.Sscan(text, &count); err != nil {
			return lines, err
		}
		message := make([]byte, count)
		if _, err := io.ReadFull(r, message); err != nil {
			return lines, err
		}
		fields := usualLine.FindSubmatch(message)
		if fields == nil {
			return lines, fmt.Errorf("%q is not a line", message)
		}
		var priority int
		if _, err := fmt.Sscan(string(fields[1]), &priority); err != nil {
			return lines, err
		}
		if _, err := time.Parse(time.RFC3339, string(fields[2])); err != nil {
			return lines, err
		}
		lines++
	}
}

func BenchmarkAppendFrame(b *testing.B) {
	message := []byte(router)
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = logplex.AppendFrame(dst[:0], message)
	}
}
