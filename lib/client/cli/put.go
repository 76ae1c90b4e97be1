package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

type putCmd struct {
	appArg

	Format             *string       `placeholder:"text|json" help:"Store lines as 'heroku logs' prints them, or as JSON objects. New drains: text."`
	ANSI               *string       `name:"ansi" placeholder:"keep|strip" help:"Keep or strip color codes. New drains: keep."`
	BatchSize          *int          `placeholder:"N" help:"Queue messages per invocation, 1 to 10000; above 10 needs --batch-window-seconds."`
	BatchWindowSeconds *int          `placeholder:"N" help:"How long to collect a batch, 0 to 300 seconds."`
	MaximumConcurrency *int          `placeholder:"N" help:"Concurrent invocations, 2 to 1000; 0 means no limit."`
	NoVerify           bool          `help:"Do not send a test line."`
	Timeout            time.Duration `default:"3m" help:"How long to wait until the drain is active and verified."`
	DryRun             bool          `help:"Show what would change, without changing anything."`
}

// Help is the verb's long help.
func (putCmd) Help() string {
	return `Creates the AWS side, waits until it is active, adds the log drain at Heroku, and verifies everything: it sends a test line (from
heroku-drains[verify]) to the public endpoint, and waits until it is in the log stream.

Running it again is safe: it creates what is missing, keeps what exists, and changes only the settings that are given (format and ansi take
effect within a minute). Afterwards, exactly one log drain at Heroku points to this system; other log drains, such as those of add-ons, are
not touched. SQS blocks a queue's name for a minute after a delete; put waits for that.

If Heroku refuses, or if you press Ctrl-C before Heroku has added the log drain, put rolls back what it created on AWS.

The drain URL holds a password, so it is shown only with --show-url or --no-heroku. With --no-heroku the URL is the result: run "heroku
drains:add URL -a shop" yourself; nothing is verified or rolled back. With --local, Heroku is skipped, because it
cannot reach this machine, unless the system runs with --heroku (see 'local'), or HEROKU_API_URL is set.

Examples:

    heroku-drains-cli put -a shop
    heroku-drains-cli put -a shop --format json --ansi strip
    heroku-drains-cli put -a shop --batch-size 1000 --batch-window-seconds 5 --dry-run
    heroku-drains-cli --no-heroku --output json put -a shop | jq -r .data.drain_url`
}

// Run connects the app.
func (c *putCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	change := drain.Patch{
		Format: c.Format, ANSI: c.ANSI,
		BatchSize: c.BatchSize, BatchWindowSeconds: c.BatchWindowSeconds, MaximumConcurrency: c.MaximumConcurrency,
	}
	if err := change.Validate(); err != nil {
		return asUsage(err)
	}
	if c.Timeout <= 0 {
		return usagef("--timeout must be more than 0")
	}
	sides := s.Sides
	if c.DryRun {
		sides = s.sidesToRead
	}
	both, err := sides(ctx)
	if err != nil {
		return err
	}
	if c.DryRun {
		changes, err := both.Preview(ctx, app, change)
		if _, invalid := errors.AsType[*drain.Error](err); invalid {
			return asUsage(err)
		}
		if err != nil {
			return fmt.Errorf("preview the drain for %s: %w", app, err)
		}
		if err := s.printChanges(app, changes); err != nil {
			return err
		}
		s.noteSimilar(ctx, app)
		return nil
	}
	ctx, cancel := limited(ctx, c.Timeout)
	defer cancel()
	p := s.StartProgress("Creating or updating the drain for %s…", app)
	defer p.Stop()
	both.Progress = p
	made, err := both.Put(ctx, app, connect.PutOptions{Change: change, SkipVerify: c.NoVerify})
	p.Stop()
	if refused, ok := errors.AsType[*apiclient.Error](err); ok && refused.Code == drain.InvalidSettings {
		return usagef("put the drain for %s: %s", app, refused.Message) // a setting contradicts one that stays
	}
	if err != nil {
		return fmt.Errorf("put the drain for %s: %w", app, err)
	}
	return c.print(ctx, s, made)
}

// print says what happened to the drain, and what to do next. Programs get the drain, people only its URL, if they asked for it.
func (c *putCmd) print(ctx context.Context, s *session, made connect.Connected) error {
	skipped := s.HerokuUnreachable(ctx)
	s.Note("%s", c.summary(made, skipped && !s.flags.NoHeroku))
	showURL := s.flags.NoHeroku || s.flags.ShowURL
	switch v := (view{Drain: made.Drain, Heroku: newHerokuView(made.Heroku, s.flags.ShowURL), VerifiedSeconds: made.Latency.Seconds()}); {
	case s.flags.Output == "json":
		if err := s.printDrain(v, showURL); err != nil {
			return err
		}
	case showURL:
		if err := s.PrintRows([][2]string{{"Drain URL", made.DrainURL}}); err != nil {
			return err
		}
	}
	switch {
	case skipped:
		s.Note("Send it test traffic: %s", s.command("simulate -a %s", made.App))
	case made.Heroku == nil:
		s.Note("Let Heroku send to it with heroku drains:add and the drain URL.")
	default:
		s.Note("Show its lines: %s", s.command("logs -a %s --tail", made.App))
	}
	return nil
}

// summary says what put did.
func (c *putCmd) summary(made connect.Connected, skipped bool) string {
	done := "active"
	if made.Created {
		done = "created and active"
	}
	switch {
	case made.Heroku != nil:
		done += "; Heroku sends to it"
	case skipped:
		done += "; Heroku was skipped, because it cannot reach a local system"
	}
	text := fmt.Sprintf("Drain for %s %s.", made.App, done)
	if made.Latency > 0 {
		text += fmt.Sprintf(" A test line was stored after %s.", made.Latency.Round(time.Millisecond))
	}
	if !made.Created && (c.Format != nil || c.ANSI != nil) {
		text += " New lines follow the new settings within a minute."
	}
	return text
}
