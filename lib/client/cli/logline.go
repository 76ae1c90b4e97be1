package cli

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/logformat"
)

// herokuTime is the layout of the time that `heroku logs` prints before a line.
const herokuTime = "2006-01-02T15:04:05.000000-07:00"

// lineHeader returns what `heroku logs` prints before a line's text: "2026-11-22T15:17:21.123000+00:00 app[web.1]:".
func lineHeader(l *logformat.Line) string {
	at := cmp.Or(string(l.OriginalTime), "no readable time")
	if !l.Time.IsZero() {
		at = l.Time.UTC().Format(herokuTime)
	}
	if len(l.Source) == 0 && len(l.Process) == 0 {
		return at
	}
	return fmt.Sprintf("%s %s[%s]:", at, l.Source, l.Process)
}

// linePrinter returns a function that formats a line as `heroku logs` does, in its process's color on a terminal.
func (s *session) linePrinter() func(logformat.Line) string {
	clean := s.Cleaner()
	return func(l logformat.Line) string {
		text := string(l.AppendText(nil))
		return s.PaintStdout(clean(lineHeader(&l)), processColor(string(l.Process))...) + " " + clean(text)
	}
}

// eventPrinter returns a function that prints an event to stdout: as `heroku logs` does, or raw as JSON.
func (s *session) eventPrinter(raw bool) func(logs.Event) error {
	text := s.linePrinter()
	line := func(e logs.Event) (string, error) { return text(logs.ReadLine(e)), nil }
	if raw {
		clean := s.Cleaner()
		line = func(e logs.Event) (string, error) {
			text, err := rawEvent(e)
			return clean(text), err
		}
	}
	return func(e logs.Event) error {
		text, err := line(e)
		if err != nil {
			return err
		}
		return s.PrintLine(text)
	}
}

// rawEvent returns an event as JSON, with the field names of the aws CLI.
func rawEvent(e logs.Event) (string, error) {
	text, err := json.Marshal(struct {
		LogStreamName *string `json:"logStreamName"`
		Timestamp     *int64  `json:"timestamp"`
		Message       *string `json:"message"`
		IngestionTime *int64  `json:"ingestionTime"`
		EventID       *string `json:"eventId"`
	}{e.LogStreamName, e.Timestamp, e.Message, e.IngestionTime, e.EventId})
	if err != nil {
		return "", fmt.Errorf("encode event %s: %w", aws.ToString(e.EventId), err)
	}
	return string(text), nil
}
