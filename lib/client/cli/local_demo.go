package cli

import (
	"context"
	"fmt"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
)

const (
	demoApp  = "demo"
	demoRate = 4 // lines per second: fast enough to watch, slow enough to read
	demoSeed = 1 // the same lines in every demo
)

// demo creates a drain, sends it simulated traffic, and shows the stored lines until ctx ends.
func (s *session) demo(ctx context.Context) error {
	api, err := s.api(ctx)
	if err != nil {
		return err
	}
	p := s.StartProgress("Creating the drain %s…", demoApp)
	defer p.Stop()
	aws := s.awsSide(api, p)
	d, _, err := aws.PutAWS(ctx, demoApp, drain.Patch{})
	if err == nil {
		d, err = aws.AwaitActive(ctx, d)
	}
	p.Stop()
	if err != nil {
		return fmt.Errorf("create the drain %s: %w", demoApp, err)
	}
	generator := simulate.New(demoApp, demoSeed)
	sender, err := delivery.NewSender(d.DrainURL, generator.Token())
	if err != nil {
		return err
	}
	stream, err := s.logStream(ctx, demoApp, logs.Selection{})
	if err != nil {
		return err
	}
	s.Note("Its lines:\n")
	ctx, stop := context.WithCancel(ctx)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		// It ends only with ctx, and its error is ctx's.
		_, _ = simulate.Run(ctx, generator, sender, simulate.Plan{Rate: demoRate}, func(r delivery.Result) {
			if r.Lost {
				s.Note("%d lines lost: %s", r.Lines, whyLost(r))
			}
		})
	}()
	err = stream.Follow(ctx, logs.Range{Last: new(defaultLines)}, s.wait, s.eventPrinter(false), func() {})
	stop()
	<-sent
	return readError(demoApp, err)
}
