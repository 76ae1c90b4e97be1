package cli

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/drain"
)

type putCmd struct {
	Format             *string       `placeholder:"text|json" help:"Lines as 'heroku logs' prints them, or a JSON object each. New drains: text."`
	ANSI               *string       `name:"ansi" placeholder:"keep|strip" help:"Keep the lines' colour codes, or strip them. New drains: keep."`
	BatchSize          *int          `placeholder:"N" help:"Queue messages an invocation, 1 to 10000; beyond 10 with a window."`
	BatchWindowSeconds *int          `placeholder:"N" help:"How long to collect a batch, 0 to 300 seconds."`
	MaximumConcurrency *int          `placeholder:"N" help:"Invocations at a time, 2 to 1000; 0 is no limit."`
	Timeout            time.Duration `default:"3m" help:"How long to wait until the drain is active."`
	DryRun             bool          `help:"Say what would change, and change nothing."`
}

// Help is the verb's long help.
func (putCmd) Help() string {
	return `Putting again is safe: what is missing is made, what is there stays, and only the settings that are given change (format and
ansi within a minute). A queue that was deleted less than a minute ago keeps its name blocked; put waits for it.

Heroku sends logs once it has the drain URL: heroku drains:add URL -a shop. The URL holds a password, so it is shown
with --show-url or --no-heroku only.

Examples:

    heroku-drains-cli put -a shop --show-url
    heroku-drains-cli put -a shop --format json --ansi strip
    heroku-drains-cli put -a shop --batch-size 1000 --batch-window-seconds 5 --dry-run
    heroku-drains-cli --no-heroku --output json put -a shop | jq -r .data.drain_url`
}

// Run makes the drain and waits until it is active.
func (c *putCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	settings := drain.Settings{
		Format: c.Format, ANSI: c.ANSI,
		BatchSize: c.BatchSize, BatchWindowSeconds: c.BatchWindowSeconds, MaximumConcurrency: c.MaximumConcurrency,
	}
	if err := settings.Validate(); err != nil {
		return asUsage(err)
	}
	api, err := s.api(ctx)
	if err != nil {
		return err
	}
	if c.DryRun {
		return s.previewPut(ctx, api, app, settings)
	}
	ctx, cancel := limited(ctx, c.Timeout)
	defer cancel()
	p := s.progress("Putting the drain of %s…", app)
	defer p.stop()
	d, created, err := s.putDrain(ctx, p, api, app, settings)
	if err == nil {
		d, err = s.untilActive(ctx, p, api, d)
	}
	p.stop()
	if err != nil {
		return fmt.Errorf("put the drain of %s: %w", app, err)
	}
	if created {
		s.note("The drain of %s is made and active.", app)
	} else {
		s.note("The drain of %s is active.", app)
	}
	if !created && (c.Format != nil || c.ANSI != nil) {
		s.note("Lines follow the new settings within a minute.")
	}
	if err := s.printDrain(d, s.flags.NoHeroku || s.flags.ShowURL); err != nil {
		return err
	}
	s.nextStep(app)
	return nil
}

// nextStep says where a drain's lines come from: without its URL at Heroku, none arrives.
func (s *session) nextStep(app string) {
	switch {
	case s.flags.NoHeroku:
	case s.flags.ShowURL:
		s.note("Next, give Heroku the drain URL: heroku drains:add URL -a %s", app)
	default:
		s.note("Next, give Heroku the drain URL: heroku drains:add URL -a %s\nThe same put with --show-url shows the URL with its password.", app)
	}
	if s.flags.Local {
		s.note("Without Heroku: %s --local simulate -a %s", program, app)
	}
}
