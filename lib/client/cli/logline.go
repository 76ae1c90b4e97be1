package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// herokuTime is the time in front of a line as `heroku logs` prints it.
const herokuTime = "2006-01-02T15:04:05.000000-07:00"

// logLine is an event as `heroku logs` prints it.
type logLine struct {
	at              time.Time
	source, process string // both empty: the text is all there is
	text            string
}

// newLogLine reads an event, whichever format it is stored in.
func newLogLine(e types.FilteredLogEvent) logLine {
	l := logLine{at: time.UnixMilli(aws.ToInt64(e.Timestamp)), text: aws.ToString(e.Message)}
	// A line of format text starts with its source, so an object can only be one of format json.
	if strings.HasPrefix(l.text, "{") && l.readJSON() {
		return l
	}
	header, text, found := strings.Cut(l.text, "]: ")
	source, process, named := strings.Cut(header, "[")
	if found && named && source != "" && !strings.Contains(header, " ") {
		l.source, l.process, l.text = source, process, text
	}
	return l
}

// readJSON takes a line of format json for what it says; false leaves it as it is. It has the microseconds.
func (l *logLine) readJSON() bool {
	var stored struct {
		Time         time.Time `json:"time"`
		Source       string    `json:"source"`
		Process      string    `json:"process"`
		OriginalTime *string   `json:"original_time"`
		Continued    bool      `json:"continued"`
		Message      string    `json:"message"`
	}
	if json.Unmarshal([]byte(l.text), &stored) != nil || stored.Source == "" {
		return false
	}
	l.at, l.source, l.process, l.text = stored.Time, stored.Source, stored.Process, stored.Message
	if stored.Continued {
		l.text = "[continued] " + l.text
	}
	if stored.OriginalTime != nil {
		l.text += movedTime(*stored.OriginalTime)
	}
	return true
}

// movedTime is the end of a line of format text whose own time CloudWatch would not have.
func movedTime(original string) string {
	if _, err := time.Parse(time.RFC3339, original); err != nil {
		return " [no readable time]"
	}
	return " [original time " + original + "]"
}

// header is what stands before the text: "2026-11-22T15:17:21.123000+00:00 app[web.1]:".
func (l logLine) header() string {
	at := "no readable time"
	if !l.at.IsZero() {
		at = l.at.UTC().Format(herokuTime)
	}
	if l.source == "" {
		return at
	}
	return fmt.Sprintf("%s %s[%s]:", at, l.source, l.process)
}

// linePrinter is a line as `heroku logs` prints it, with its process's colour on a terminal.
func (s *session) linePrinter() func(logLine) string {
	clean := s.Cleaner()
	return func(l logLine) string {
		return s.PaintStdout(clean(l.header()), processColour(l.process)...) + " " + clean(l.text)
	}
}

// eventPrinter prints events to stdout: as `heroku logs` does, or raw.
func (s *session) eventPrinter(raw bool) func(types.FilteredLogEvent) error {
	text := s.linePrinter()
	line := func(e types.FilteredLogEvent) (string, error) { return text(newLogLine(e)), nil }
	if raw {
		clean := s.Cleaner()
		line = func(e types.FilteredLogEvent) (string, error) {
			text, err := rawEvent(e)
			return clean(text), err
		}
	}
	return func(e types.FilteredLogEvent) error {
		text, err := line(e)
		if err != nil {
			return err
		}
		return s.PrintLine(text)
	}
}

// rawEvent is an event under the names that the aws CLI prints.
func rawEvent(e types.FilteredLogEvent) (string, error) {
	text, err := json.Marshal(struct {
		LogStreamName *string `json:"logStreamName"`
		Timestamp     *int64  `json:"timestamp"`
		Message       *string `json:"message"`
		IngestionTime *int64  `json:"ingestionTime"`
		EventID       *string `json:"eventId"`
	}{e.LogStreamName, e.Timestamp, e.Message, e.IngestionTime, e.EventId})
	if err != nil {
		return "", fmt.Errorf("write event %s: %w", aws.ToString(e.EventId), err)
	}
	return string(text), nil
}
