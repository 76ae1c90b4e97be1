package alerts

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"heroku-drains/lib/logformat"
)

// maxInput is the most that ReadLines reads, in bytes: lines are kept in memory.
const maxInput = 256 << 20

// Input is what ReadLines has read.
type Input struct {
	Lines   []logformat.Line
	Unknown int // lines that are not log lines, such as the second line of a message
}

// ReadLines reads log lines as `heroku logs` prints them, "2026-11-27T10:00:00.123456+00:00 app[web.1]: text", as they are stored, or as events of
// CloudWatch Logs in JSON, which `heroku-drains-cli logs --json` prints. A line without a time gets the given one. Colors, which `heroku logs` prints on
// a terminal, are removed: rules do not see them either.
func ReadLines(r io.Reader, now time.Time) (Input, error) {
	var in Input
	reader := bufio.NewReader(io.LimitReader(r, maxInput+1))
	for read := 0; ; {
		text, err := reader.ReadString('\n')
		if read += len(text); read > maxInput {
			return in, fmt.Errorf("read log lines: more than %d MB", maxInput>>20)
		}
		plain, _ := logformat.Plain([]byte(text), nil)
		if text = strings.TrimRight(string(plain), "\r\n"); text != "" {
			if line, ok := readLine(text, now); ok {
				line.Clean(logformat.KeepANSI)
				in.Lines = append(in.Lines, line)
			} else {
				in.Unknown++
			}
		}
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, fmt.Errorf("read log lines: %w", err)
		}
	}
}

// readLine reads one line in any of the forms.
func readLine(text string, now time.Time) (logformat.Line, bool) {
	var event struct {
		Timestamp *int64
		Message   *string
	}
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &event) == nil && event.Timestamp != nil && event.Message != nil {
		return read(*event.Message, time.UnixMilli(*event.Timestamp))
	}
	if stamp, rest, found := strings.Cut(text, " "); found {
		if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil {
			return read(rest, at)
		}
	}
	return read(text, now)
}

// read reads a stored line, and reports whether it is one.
func read(text string, at time.Time) (logformat.Line, bool) {
	line := logformat.Read(text, at)
	return line, len(line.Source) > 0
}
