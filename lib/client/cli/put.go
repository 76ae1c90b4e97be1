package cli

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

type putCmd struct {
	Format             *string       `placeholder:"text|json" help:"Lines as 'heroku logs' prints them, or a JSON object each. New drains: text."`
	ANSI               *string       `name:"ansi" placeholder:"keep|strip" help:"Keep the lines' colour codes, or strip them. New drains: keep."`
	BatchSize          *int          `placeholder:"N" help:"Queue messages an invocation, 1 to 10000; beyond 10 with a window."`
	BatchWindowSeconds *int          `placeholder:"N" help:"How long to collect a batch, 0 to 300 seconds."`
	MaximumConcurrency *int          `placeholder:"N" help:"Invocations at a time, 2 to 1000; 0 is no limit."`
	NoVerify           bool          `help:"Do not prove the drain with a test line."`
	Timeout            time.Duration `default:"3m" help:"How long to wait until the drain is active and proven."`
	DryRun             bool          `help:"Say what would change, and change nothing."`
}

// Help is the verb's long help.
func (putCmd) Help() string {
	return `Makes the AWS side, waits until it is active, adds the log drain at Heroku, and proves it all: a marked line of
heroku-drains[verify] goes through the public endpoint and is awaited in the log stream.

Putting again is safe: what is missing is made, what is there stays, and only the settings that are given change (format and
ansi within a minute). There is one log drain of ours at Heroku afterwards; other people's and add-ons' are not touched. A queue
that was deleted less than a minute ago keeps its name blocked; put waits for it.

If Heroku refuses, or Ctrl-C comes before it was asked, what this run has made on AWS is undone.

The drain URL holds a password, so it is shown with --show-url or --no-heroku only. With --no-heroku it is the result: nothing is
proven or undone, and "heroku drains:add URL -a shop" is left to you. With --local, Heroku is left out unless HEROKU_API_URL says
where it is: it could not reach this machine.

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
	settings := drain.Patch{
		Format: c.Format, ANSI: c.ANSI,
		BatchSize: c.BatchSize, BatchWindowSeconds: c.BatchWindowSeconds, MaximumConcurrency: c.MaximumConcurrency,
	}
	if err := settings.Validate(); err != nil {
		return asUsage(err)
	}
	both, err := s.sides(ctx)
	if err != nil {
		return err
	}
	if c.DryRun {
		return s.previewPut(ctx, both, app, settings)
	}
	ctx, cancel := limited(ctx, c.Timeout)
	defer cancel()
	p := s.StartProgress("Putting the drain of %s…", app)
	defer p.Stop()
	both.Progress = p
	made, err := both.Put(ctx, app, connect.PutOptions{Change: settings, SkipVerify: c.NoVerify})
	p.Stop()
	if err != nil {
		return fmt.Errorf("put the drain of %s: %w", app, err)
	}
	s.tellPut(made)
	if !made.Created && (c.Format != nil || c.ANSI != nil) {
		s.Note("Lines follow the new settings within a minute.")
	}
	v := view{Drain: made.Drain, Heroku: newHerokuView(made.Heroku, s.flags.ShowURL), VerifiedSeconds: made.Latency.Seconds()}
	if err := s.printDrain(v, s.flags.NoHeroku || s.flags.ShowURL); err != nil {
		return err
	}
	s.nextStep(app)
	return nil
}

// tellPut says what has come of a put.
func (s *session) tellPut(made connect.Connected) {
	done := "is active"
	if made.Created {
		done = "is made and active"
	}
	if made.Heroku != nil {
		done += ", and Heroku sends to it"
	}
	s.Note("The drain of %s %s.", made.App, done)
	if made.Latency > 0 {
		s.Note("A test line took %.1f s.", made.Latency.Seconds())
	}
}

// nextStep says where lines come from when Heroku is left out.
func (s *session) nextStep(app string) {
	if s.localOnly() && !s.flags.NoHeroku {
		s.Note("Heroku is left out: it cannot reach this machine. HEROKU_API_URL is for one that can.")
	}
	if s.localOnly() {
		s.Note("Without Heroku: %s --local simulate -a %s", program, app)
	}
}
