package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
)

// defaultLines is how many lines are shown without --num and --since, as by `heroku logs`.
const defaultLines = 100

// patternPage explains filter patterns.
const patternPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"

type logsCmd struct {
	Num     *int   `short:"n" placeholder:"N" help:"Show only the last N lines. Without --since: 100."`
	Since   moment `placeholder:"WHEN" help:"Start time: RFC 3339, a date (UTC), or an age (90s, 15m, 7d)."`
	Until   moment `placeholder:"WHEN" help:"End time, in the same form."`
	Source  string `short:"s" placeholder:"NAME" help:"Show only lines of this source: app or heroku."`
	Process string `short:"p" placeholder:"NAME" help:"Show only lines of this process: web.1, web for all of its dynos, router."`
	Filter  string `placeholder:"PATTERN" help:"Show only lines that match a CloudWatch Logs filter pattern."`
	Tail    bool   `short:"t" help:"Keep following new lines."`
	JSON    bool   `name:"json" help:"Print the stored events unchanged, one JSON object per line."`
}

// Help is the verb's long help.
func (logsCmd) Help() string {
	return `Reads the lines from CloudWatch Logs, oldest first, in either format. --filter takes words ("timeout"), exclusions
("-healthcheck"; write --filter=-healthcheck if it comes first), and fields of JSON lines ({ $.status >= 500 }). Put text with anything but
letters and digits in double quotes ('"heroku-postgres"'):
` + patternPage + `

A log group of the class Infrequent Access can be read only with queries of CloudWatch Logs Insights. AWS charges for the data that they
scan, so use --since. New lines appear there a few seconds later, and --filter takes words and exclusions, but not fields.

On a terminal, lines have the colors of 'heroku logs', and other control characters are shown as symbols. A pipe gets the
lines without colors added, and with control characters unchanged; --json prints the stored events.

With --tail, lines that are stored up to 10 minutes late are still shown, once. Ctrl-C stops it with exit code 0.

Examples:

    heroku-drains-cli logs -a shop
    heroku-drains-cli logs -a shop --tail --source app --process web
    heroku-drains-cli logs -a shop --since 2h --filter '"code=H12"'
    heroku-drains-cli logs -a shop --since 2h --filter=-healthcheck
    heroku-drains-cli logs -a shop --since 1d --process router --filter '{ $.status >= 500 }'
    heroku-drains-cli logs -a shop --since 2026-11-22T08:00:00Z --until 2026-11-22T09:00:00Z --json`
}

// Run shows the lines.
func (c *logsCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	switch {
	case c.Tail && !c.Until.IsZero():
		return usagef("--tail and --until cannot be used together")
	case c.Num != nil && *c.Num < 0:
		return usagef("--num must be 0 or more")
	case !c.Until.IsZero() && !c.Since.IsZero() && c.Until.Before(c.Since.Time):
		return usagef("--until is before --since")
	}
	stream, err := s.logStream(ctx, app, c.selection())
	if err != nil {
		return err
	}
	printed := 0
	print := s.eventPrinter(c.JSON || s.flags.Output == "json")
	show := func(e logs.Event) error {
		printed++
		return print(e)
	}
	caughtUp := func() {
		if printed == 0 {
			c.explainNone(s, app)
		}
	}
	if c.Tail {
		err = stream.Follow(ctx, c.lines(), s.wait, logs.Watcher{Line: show, CaughtUp: caughtUp})
		if ctx.Err() != nil {
			return nil // Ctrl-C is how a tail is meant to end
		}
	} else if err = stream.Read(ctx, c.lines(), show); err == nil {
		caughtUp()
	}
	return readError(app, err)
}

// lines returns which of the stored lines to show.
func (c *logsCmd) lines() logs.Range {
	r := logs.Range{Since: c.Since.Time, Until: c.Until.Time, Last: c.Num}
	if r.Last == nil && r.Since.IsZero() {
		r.Last = new(defaultLines)
	}
	return r
}

// selection returns the lines that the flags select, apart from the time range.
func (c *logsCmd) selection() logs.Selection {
	return logs.Selection{Pattern: c.Filter, Source: c.Source, Process: c.Process}
}

// logStream asks the API where an app's lines are. It warns if the selection cannot match any new line of the drain.
func (s *session) logStream(ctx context.Context, app string, selection logs.Selection) (*logs.Streams, error) {
	api, err := s.API(ctx)
	if err != nil {
		return nil, err
	}
	d, err := api.Get(ctx, app)
	if err != nil {
		return nil, noDrain(app, err)
	}
	if d.LogStream == "" {
		return nil, fmt.Errorf("the drain for %s has no log stream. Create it: %s", app, s.command("put -a %s", app))
	}
	if word := selection.Joined(); word != "" {
		terms := strings.NewReplacer("-", " -", "?", " ?").Replace(word)
		s.Note("CloudWatch Logs reads %s in a filter as the terms %s, and a term with - excludes lines. To find the text itself, put it in double quotes: "+
			"--filter '\"%s\"'", word, terms, word)
	}
	if selection.ByField() && d.Settings.Format == drain.FormatText {
		s.Note("A filter in braces matches only JSON lines, but the lines of %s are stored as text. To store new lines as JSON: %s",
			app, s.command("put -a %s --format json", app))
	}
	return streamOf(ctx, s.Installation, d, selection)
}

// streamOf returns the lines of a drain.
func streamOf(ctx context.Context, at *installation.Installation, d drain.Drain, selection logs.Selection) (*logs.Streams, error) {
	cfg, err := at.AWS(ctx)
	if err != nil {
		return nil, err
	}
	return &logs.Streams{
		Client: cloudwatchlogs.NewFromConfig(cfg), Group: d.LogGroup, Names: []string{d.LogStream}, Selection: selection,
	}, nil
}

// readError says which logs could not be read, and how to write a filter that CloudWatch Logs accepts. It returns nil for nil.
func readError(app string, err error) error {
	rejected, ok := errors.AsType[*logs.PatternError](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return fmt.Errorf("read the logs of %s: %w", app, err)
	}
	example := `put a term with anything but letters and digits in double quotes, as in --filter '"code=H12"'`
	switch {
	case rejected.Selection.ByField() && rejected.Err == nil:
		example = `look for the text of the line, as in --filter '"status=503"', or '"\"status\":503"' if it is stored as JSON`
	case rejected.Selection.ByField():
		example = "a condition looks like --filter '{ $.status >= 500 }'"
	}
	return usagef("read the logs of %s: %v; %s; see %s", app, rejected, example, patternPage)
}

// explainNone says on a terminal that there was nothing to print, because no output could look like a failure.
func (c *logsCmd) explainNone(s *session, app string) {
	if !term.IsTerminal(s.Stderr) || c.Num != nil && *c.Num == 0 {
		return
	}
	text := fmt.Sprintf("%s has no lines yet. To find out why: %s", app, s.command("doctor -a %s", app))
	if !c.selection().IsZero() || !c.Since.IsZero() || !c.Until.IsZero() {
		text = "No lines match."
	}
	if c.Tail {
		text += " Waiting for new lines; press Ctrl-C to stop…"
	}
	s.Note("%s", text)
}
