package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/fatih/color"
)

// herokuTime is the time in front of a line as `heroku logs` prints it.
const herokuTime = "2006-01-02T15:04:05.000000-07:00"

// eventPrinter prints events to stdout: as `heroku logs` does, or raw.
func (s *session) eventPrinter(raw bool) func(types.FilteredLogEvent) error {
	line := func(e types.FilteredLogEvent) (string, error) {
		prefix, text := herokuLine(e)
		return s.paintOut(prefix, color.FgCyan) + text, nil
	}
	if raw {
		line = rawEvent
	}
	return func(e types.FilteredLogEvent) error {
		text, err := line(e)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(s.out, text); err != nil {
			return fmt.Errorf("write a line: %w", err)
		}
		return nil
	}
}

// herokuLine is an event as `heroku logs` prints it: "2026-11-22T15:17:21.123000+00:00 app[web.1]:" and " message".
func herokuLine(e types.FilteredLogEvent) (prefix, text string) {
	at, message := time.UnixMilli(aws.ToInt64(e.Timestamp)), aws.ToString(e.Message)
	var stored struct {
		Time    time.Time `json:"time"`
		Source  string    `json:"source"`
		Process string    `json:"process"`
		Message string    `json:"message"`
	}
	// A line of format text starts with its source, so an object can only be one of format json. It has the microseconds.
	if strings.HasPrefix(message, "{") && json.Unmarshal([]byte(message), &stored) == nil && stored.Source != "" {
		at, message = stored.Time, fmt.Sprintf("%s[%s]: %s", stored.Source, stored.Process, stored.Message)
	}
	prefix = at.UTC().Format(herokuTime)
	if source, rest, found := strings.Cut(message, "]: "); found && !strings.Contains(source, " ") {
		return prefix + " " + source + "]:", " " + rest
	}
	return prefix, " " + message
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
