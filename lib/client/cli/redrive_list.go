package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/logformat"
)

// linesShown is how many lines of a dead letter a table has; JSON has all.
const linesShown = 10

// letterView is a dead letter as it is printed.
type letterView struct {
	App        string     `json:"app"` // empty: nobody can tell
	MessageID  string     `json:"message_id"`
	Source     string     `json:"source,omitempty"` // the ARN of its queue
	ReceivedAt *time.Time `json:"received_at,omitempty"`
	QueuedAt   time.Time  `json:"queued_at"`
	Receives   int        `json:"receives"`
	RequestID  string     `json:"request_id,omitempty"`
	Part       int        `json:"part,omitempty"`
	Parts      int        `json:"parts,omitempty"`
	Bytes      int        `json:"bytes"`
	Lines      []lineView `json:"lines"`
	Error      string     `json:"error,omitempty"` // why it cannot be opened

	lines []logformat.Line
}

// lineView is a log line in a dead letter.
type lineView struct {
	Time    *time.Time `json:"time,omitempty"` // nil: it cannot be read
	Source  string     `json:"source"`
	Process string     `json:"process"`
	Message string     `json:"message"`
}

func newLetterView(l deadletters.Letter, body []byte) letterView {
	v := letterView{
		App: l.App, MessageID: l.MessageID, Source: l.Source, QueuedAt: l.SentAt, Receives: l.Receives,
		RequestID: l.Header.RequestID, Part: l.Part, Parts: l.Parts, Bytes: l.Bytes, Lines: []lineView{},
	}
	if l.Err != nil {
		v.Error = l.Err.Error()
		return v
	}
	v.ReceivedAt = &l.Header.ReceivedAt
	for _, line := range logformat.Lines(body) {
		line.Clean(logformat.KeepANSI) // lines are stored as valid UTF-8
		view := lineView{Source: string(line.Source), Process: string(line.Process), Message: string(line.Message)}
		if !line.NoTime {
			view.Time = &line.Time
		}
		v.Lines = append(v.Lines, view)
		line.NoTime = false // else the text would repeat the header, which says so in place of the time
		v.lines = append(v.lines, line)
	}
	return v
}

// heading says whose a letter is, and what it has behind it.
func (v letterView) heading() string {
	if v.Error != "" {
		return fmt.Sprintf("%s: queued %s, received %d times, cannot be opened: %s",
			orNone(v.App), v.QueuedAt.Format(time.RFC3339), v.Receives, v.Error)
	}
	part := ""
	if v.Parts > 1 {
		part = fmt.Sprintf(", part %d of %d", v.Part, v.Parts)
	}
	return fmt.Sprintf("%s: from Heroku %s, received %d times, %d bytes, %d lines%s",
		v.App, v.ReceivedAt.Format(time.RFC3339), v.Receives, v.Bytes, len(v.lines), part)
}

// list shows dead letters, an app's or all.
func (o *deadLetterOffice) list(ctx context.Context, app string, limit int) error {
	p := o.StartProgress("Looking at the dead letters…")
	defer p.Stop()
	show := o.letterPrinter()
	views := []letterView{}
	shown := 0
	found, err := o.queue.Read(ctx, limit, func(l deadletters.Letter, body []byte) error {
		if app != "" && l.App != app {
			return nil
		}
		p.Stop()
		shown++
		v := newLetterView(l, body)
		if o.flags.Output == "json" {
			views = append(views, v)
			return nil
		}
		return show(v)
	})
	p.Stop()
	if o.flags.Output == "json" {
		err = errors.Join(err, o.PrintJSON(map[string]any{"data": views, "total": found.Total}))
	}
	switch {
	case err != nil:
		return err
	case !found.Complete():
		o.Note("Of %d dead letters, %d are looked at: --limit says how many.", found.Total, len(found.Letters))
	case shown == 0 && app != "":
		o.Note("There are no dead letters of %s.", app)
	case shown == 0:
		o.Note("There are no dead letters.")
	}
	return nil
}

// letterPrinter prints letters to stdout: a heading, and its lines as logs would.
func (o *deadLetterOffice) letterPrinter() func(letterView) error {
	line := o.linePrinter()
	return func(v letterView) error {
		if err := o.PrintLine(v.heading()); err != nil {
			return err
		}
		for i, l := range v.lines {
			if i == linesShown {
				return o.PrintLine(fmt.Sprintf("  and %d lines more, which --output json shows", len(v.lines)-linesShown))
			}
			if err := o.PrintLine("  " + line(l)); err != nil {
				return err
			}
		}
		return nil
	}
}
