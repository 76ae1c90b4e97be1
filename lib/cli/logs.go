package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// defaultLines is how many lines are shown when nothing says where to begin, as with `heroku logs`.
const defaultLines = 100

type logsCmd struct {
	Num    *int   `short:"n" placeholder:"N" help:"Show the last N lines only. Without --since: 100."`
	Since  moment `placeholder:"WHEN" help:"Begin at a time (2026-11-22T15:00:00Z) or so long ago (90s, 15m, 36h)."`
	Until  moment `placeholder:"WHEN" help:"End at a time, or so long ago."`
	Filter string `placeholder:"PATTERN" help:"Only lines that match a CloudWatch Logs filter pattern."`
	Tail   bool   `short:"t" help:"Go on with new lines as they are stored, until Ctrl-C."`
	JSON   bool   `name:"json" help:"Print the stored events as they are, a JSON object a line."`
}

// Help is the verb's long help.
func (logsCmd) Help() string {
	return `Reads CloudWatch Logs itself, oldest line first, whichever format lines are stored in. --filter takes words ("timeout"), exclusions
("-healthcheck"), and for drains of format json fields ({ $.status >= 500 }):
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

With --tail, a line that was stored up to 10 minutes late is still shown, once, when it comes.

Examples:

    heroku-drains-cli logs -a shop
    heroku-drains-cli logs -a shop --tail
    heroku-drains-cli logs -a shop --since 2h --filter '"code=H12"'
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
	stream, err := s.logStream(ctx, app, c.Filter)
	if err != nil {
		return err
	}
	if err := c.show(ctx, stream, s.eventPrinter(c.JSON || s.flags.Output == "json"), s.wait); err != nil {
		if c.Tail && ctx.Err() != nil {
			return nil // Ctrl-C is how a tail ends
		}
		return fmt.Errorf("read the logs of %s: %w", app, err)
	}
	return nil
}

// logStream is where an app's lines are, as the API says.
func (s *session) logStream(ctx context.Context, app, pattern string) (*logStream, error) {
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
	return &logStream{client: cloudwatchlogs.NewFromConfig(cfg), group: d.LogGroup, name: d.LogStream, pattern: pattern}, nil
}

// show prints what is there and, with --tail, what comes.
func (c *logsCmd) show(ctx context.Context, stream *logStream, print func(types.FilteredLogEvent) error, wait waiter) error {
	var tail *follower
	if c.Tail {
		var err error
		if tail, err = follow(ctx, stream); err != nil {
			return err
		}
		shown := print
		print = func(e types.FilteredLogEvent) error {
			tail.note(e)
			return shown(e)
		}
	}
	if err := c.past(ctx, stream, print); err != nil {
		return err
	}
	for c.Tail {
		if err := tail.poll(ctx, print); err != nil {
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

// moment is a flag's point in time.
type moment struct{ time.Time }

// UnmarshalText reads a time of RFC 3339, or a duration as so long ago.
func (m *moment) UnmarshalText(text []byte) error {
	if ago, err := time.ParseDuration(string(text)); err == nil {
		m.Time = time.Now().Add(-ago)
		return nil
	}
	at, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is neither a time like 2026-11-22T15:00:00Z nor a duration like 15m", text)
	}
	m.Time = at
	return nil
}
