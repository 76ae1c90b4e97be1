package cli

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// defaultLines is how many lines are shown when nothing says where to begin, as with `heroku logs`.
const defaultLines = 100

type logsCmd struct {
	Num     *int   `short:"n" placeholder:"N" help:"Show the last N lines only. Without --since: 100."`
	Since   moment `placeholder:"WHEN" help:"Begin at a time (2026-11-22T15:00:00Z), on a date (UTC), or so long ago (90s, 15m, 7d)."`
	Until   moment `placeholder:"WHEN" help:"End there."`
	Source  string `short:"s" placeholder:"NAME" help:"Only lines of this source: app, or heroku."`
	Process string `short:"p" placeholder:"NAME" help:"Only lines of this process: web.1, web for all of its dynos, router."`
	Filter  string `placeholder:"PATTERN" help:"Only lines that match a CloudWatch Logs filter pattern."`
	Tail    bool   `short:"t" help:"Go on with new lines as they are stored, until Ctrl-C."`
	JSON    bool   `name:"json" help:"Print the stored events as they are, a JSON object a line."`
}

// Help is the verb's long help.
func (logsCmd) Help() string {
	return `Reads CloudWatch Logs itself, oldest line first, whichever format lines are stored in. --filter takes words ("timeout"), exclusions
("-healthcheck"), and for drains of format json fields ({ $.status >= 500 }):
` + patternPage + `

A terminal gets the colours of 'heroku logs'; other control characters in the lines are shown, not obeyed. A pipe gets what is stored.

With --tail, a line that was stored up to 10 minutes late is still shown, once, when it comes. Ctrl-C ends it with exit code 0.

Examples:

    heroku-drains-cli logs -a shop
    heroku-drains-cli logs -a shop --tail --source app --process web
    heroku-drains-cli logs -a shop --since 2h --filter '"code=H12"'
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
		return usagef("--tail has no end: leave --until out")
	case c.Num != nil && *c.Num < 0:
		return usagef("--num must be 0 or more")
	case !c.Until.IsZero() && !c.Since.IsZero() && c.Until.Before(c.Since.Time):
		return usagef("--until is before --since: there are no lines between them")
	}
	stream, err := s.logStream(ctx, app, c.selection())
	if err != nil {
		return err
	}
	nothing := func() { s.noLines(c, app) }
	if err := c.show(ctx, stream, s.eventPrinter(c.JSON || s.flags.Output == "json"), nothing, s.wait); err != nil {
		if c.Tail && ctx.Err() != nil {
			return nil // Ctrl-C is how a tail ends
		}
		return fmt.Errorf("read the logs of %s: %w", app, err)
	}
	return nil
}

// selection is what the flags say of the lines themselves.
func (c *logsCmd) selection() logSelection {
	return logSelection{pattern: c.Filter, source: c.Source, process: c.Process}
}

// logStream is where an app's lines are, as the API says.
func (s *session) logStream(ctx context.Context, app string, selection logSelection) (*logStream, error) {
	api, err := s.api(ctx)
	if err != nil {
		return nil, err
	}
	d, err := api.Get(ctx, app)
	if err != nil {
		return nil, fmt.Errorf("look for the logs of %s: %w", app, err)
	}
	if d.LogStream == "" {
		return nil, fmt.Errorf("look for the logs of %s: its drain has no log stream; `%s put -a %s` makes it", app, program, app)
	}
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	s.warn(selection, d)
	return &logStream{client: cloudwatchlogs.NewFromConfig(cfg), group: d.LogGroup, name: d.LogStream, selection: selection}, nil
}

// show prints what is there and, with --tail, what comes. When there is nothing, it says so first.
func (c *logsCmd) show(ctx context.Context, stream *logStream, print func(types.FilteredLogEvent) error, nothing func(), wait waiter) error {
	var tail *follower
	if c.Tail {
		var err error
		if tail, err = follow(ctx, stream); err != nil {
			return err
		}
	}
	printed := 0
	shown := func(e types.FilteredLogEvent) error {
		if tail != nil {
			tail.note(e)
		}
		printed++
		return print(e)
	}
	if err := c.past(ctx, stream, shown); err != nil {
		return err
	}
	if printed == 0 {
		nothing()
	}
	for c.Tail {
		if err := tail.poll(ctx, shown); err != nil {
			return err
		}
		if err := wait(ctx, pollPeriod); err != nil {
			return err
		}
	}
	return nil
}

// past prints the stored lines that were asked for.
func (c *logsCmd) past(ctx context.Context, stream *logStream, print func(types.FilteredLogEvent) error) error {
	lines := defaultLines
	switch {
	case c.Num != nil:
		lines = *c.Num
	case !c.Since.IsZero():
		return stream.all(ctx, c.Since.Time, c.Until.Time, print)
	}
	events, err := stream.last(ctx, lines, c.Since.Time, c.Until.Time)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := print(e); err != nil {
			return err
		}
	}
	return nil
}
