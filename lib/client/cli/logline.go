package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/logformat"
)

// herokuTime is the time in front of a line as `heroku logs` prints it.
const herokuTime = "2006-01-02T15:04:05.000000-07:00"

// lineOf reads a log event, in whichever format it is stored.
func lineOf(e types.FilteredLogEvent) logformat.Line {
	return logformat.Read(aws.ToString(e.Message), time.UnixMilli(aws.ToInt64(e.Timestamp)))
}

// lineHeader returns what `heroku logs` prints before a line's text: "2026-11-22T15:17:21.123000+00:00 app[web.1]:".
func lineHeader(l *logformat.Line) string {
	at := "no readable time"
	if !l.Time.IsZero() {
		at = l.Time.UTC().Format(herokuTime)
	}
	if len(l.Source) == 0 && len(l.Process) == 0 {
		return at
	}
	return fmt.Sprintf("%s %s[%s]:", at, l.Source, l.Process)
}

// linePrinter returns a function that formats a line as `heroku logs` does, in its process's colour on a terminal.
func (s *session) linePrinter() func(logformat.Line) string {
	clean := s.Cleaner()
	return func(l logformat.Line) string {
		text := string(l.AppendText(nil))
		return s.PaintStdout(clean(lineHeader(&l)), processColour(string(l.Process))...) + " " + clean(text)
	}
}

// eventPrinter prints events to stdout: as `heroku logs` does, or raw.
func (s *session) eventPrinter(raw bool) func(types.FilteredLogEvent) error {
	text := s.linePrinter()
	line := func(e types.FilteredLogEvent) (string, error) { return text(lineOf(e)), nil }
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
