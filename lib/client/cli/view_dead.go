package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/logformat"
)

// deadView is the number of an app's dead letters.
type deadView struct {
	count   int
	atLeast bool // not all letters were read
}

// MarshalJSON returns the number alone.
func (d *deadView) MarshalJSON() ([]byte, error) { return json.Marshal(d.count) }

func (d *deadView) text() string {
	switch {
	case d == nil:
		return none
	case d.atLeast:
		return fmt.Sprintf("%d or more", d.count)
	}
	return fmt.Sprint(d.count)
}

// deadLetters counts the dead letters by app for a verb that shows drains. With --no-heroku, it leaves that out: scripts list that way often.
func (s *session) deadLetters(ctx context.Context, both *installation.Sides) *deadCounts {
	if s.flags.NoHeroku {
		return nil
	}
	return s.countDeadLetters(ctx, both)
}

// maxLinesShown is how many lines of a dead letter are printed; JSON has all.
const maxLinesShown = 10

// letterView is a dead letter as it is printed.
type letterView struct {
	App        string     `json:"app"` // empty: unknown
	MessageID  string     `json:"message_id"`
	Source     string     `json:"source,omitempty"` // ARN of the queue it came from
	ReceivedAt *time.Time `json:"received_at,omitempty"`
	QueuedAt   time.Time  `json:"queued_at"`
	Receives   int        `json:"receives"` // SQS's count, which every look at the dead letters raises: people would take it for failures to store
	RequestID  string     `json:"request_id,omitempty"`
	Part       int        `json:"part,omitempty"`
	Parts      int        `json:"parts,omitempty"`
	Bytes      int        `json:"bytes"`
	Lines      []lineView `json:"lines"`
	Error      string     `json:"error,omitempty"`    // why it cannot be opened
	Unopened   string     `json:"unopened,omitempty"` // the message, if it cannot be opened

	lines []logformat.Line
}

// lineView is a log line of a dead letter.
type lineView struct {
	Time         *time.Time `json:"time,omitempty"`          // nil: unreadable
	OriginalTime string     `json:"original_time,omitempty"` // the text of an unreadable time
	Host         string     `json:"syslog_host,omitempty"`   // see logformat.Line
	Priority     string     `json:"syslog_priority,omitempty"`
	Source       string     `json:"source"`
	Process      string     `json:"process"`
	Message      string     `json:"message"`
}

func newLetterView(l deadletters.Letter, content deadletters.Content) letterView {
	v := letterView{
		App: l.App, MessageID: l.MessageID, Source: l.Source, QueuedAt: l.SentAt, Receives: l.Receives,
		RequestID: l.Header.RequestID, Part: l.Part, Parts: l.Parts, Bytes: l.Bytes, Lines: []lineView{},
	}
	if l.Err != nil {
		v.Error, v.Unopened = l.Err.Error(), content.Message
		return v
	}
	v.ReceivedAt = &l.Header.ReceivedAt
	for _, line := range logformat.Lines(content.Body) {
		line.Clean(logformat.KeepANSI) // lines are stored as valid UTF-8
		view := lineView{
			Host: string(line.Host), Priority: string(line.Priority), Source: string(line.Source), Process: string(line.Process), Message: string(line.Message),
		}
		if line.NoTime {
			view.OriginalTime = string(line.OriginalTime)
		} else {
			view.Time = &line.Time
		}
		v.Lines = append(v.Lines, view)
		line.NoTime = false // the header shows the time as it is; the text would repeat it
		v.lines = append(v.lines, line)
	}
	return v
}

// heading describes a letter in one line.
func (v letterView) heading() string {
	if v.Error != "" {
		return fmt.Sprintf("%s, cannot be opened: %s", v.identity(), v.Error)
	}
	return v.identity()
}

// identity says which letter it is. It is the same however often somebody looks.
func (v letterView) identity() string {
	if v.Error != "" {
		return fmt.Sprintf("%s: queued %s, ID %s", cmp.Or(v.App, "unknown app"), v.QueuedAt.Format(time.RFC3339), v.MessageID)
	}
	part, lines := "", ""
	if v.Parts > 1 {
		part = fmt.Sprintf(", part %d of %d", v.Part, v.Parts)
	}
	if v.lines != nil {
		lines = ", " + plural.Count(len(v.lines), "line")
	}
	return fmt.Sprintf("%s: from Heroku %s, %s%s%s, ID %s",
		v.App, v.ReceivedAt.Format(time.RFC3339), plural.Count(v.Bytes, "byte"), lines, part, v.MessageID)
}

// maxUnopened is how many bytes of a message that cannot be opened are printed; JSON has all.
const maxUnopened = 200

// letterPrinter returns a function that prints a letter to stdout: its heading, and its lines as logs prints them.
func (s *session) letterPrinter() func(letterView) error {
	print, clean := s.linePrinter(), s.Cleaner()
	return func(v letterView) error {
		if err := s.PrintLine(clean(v.heading())); err != nil {
			return err
		}
		if v.Unopened != "" {
			shown, more := v.Unopened, ""
			if len(shown) > maxUnopened {
				shown, more = shown[:maxUnopened], "…"
			}
			return s.PrintLine("  " + clean(strings.ToValidUTF8(shown, "")) + more)
		}
		for i, l := range v.lines {
			if i == maxLinesShown {
				return s.PrintLine(fmt.Sprintf("  and %s (--output json shows all)", plural.Count(len(v.lines)-maxLinesShown, "more line")))
			}
			if err := s.PrintLine("  " + print.line(&l)); err != nil {
				return err
			}
		}
		return nil
	}
}
