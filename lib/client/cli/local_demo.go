package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
)

const (
	demoApp  = "demo"
	demoRate = 4 // lines per second: fast enough to watch, slow enough to read
	demoSeed = 1 // the same lines in every demo

	// The demo's alert begins some seconds after the start, and is over within half a minute.
	demoRule  = "H12"
	demoCalm  = 5 * time.Second // before requests time out
	demoStorm = 3 * time.Second // during which they do

	demoThreshold = 5
	demoWindow    = alert.Duration(10 * time.Second)
	demoCooldown  = alert.Duration(8 * time.Second)
)

// demoOrigin is where the demo's rule comes from, as `alerts rules` shows it.
const demoOrigin alert.Origin = "local --demo"

// demoRules returns rules that are the same, except that the demo's alert begins and is over soon.
func demoRules(rules *alert.Set) (*alert.Set, error) {
	return rules.Override(demoApp, demoRule, func(r *alert.Rule) {
		r.Origin = demoOrigin
		r.Threshold, r.Window, r.Cooldown = demoThreshold, demoWindow, demoCooldown
	})
}

// demo creates a drain, sends it simulated traffic, and shows the stored lines until ctx ends.
func demo(ctx context.Context, s *session, local *installation.Installation) error {
	aws, err := local.AWSOnly(ctx)
	if err != nil {
		return err
	}
	p := s.StartProgress("Creating the drain %s…", demoApp)
	defer p.Stop()
	aws.Progress = p
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
	stream, err := streamsOf(ctx, local, []drain.Drain{d}, logs.Selection{})
	if err != nil {
		return err
	}
	s.Note("In %s, requests will time out for %s (%s). That raises an alert, which is over about %s later.", demoCalm, demoStorm, demoRule, demoWindow)
	s.Note("The lines of %s:\n", demoApp)
	watching, stop := context.WithCancel(ctx)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		demoTraffic(watching, s, generator, sender)
	}()
	err = stream.streams.Follow(watching, logs.Range{Last: new(defaultLines)}, s.wait, logs.Watcher{Line: s.linePrinter().event})
	stop()
	<-sent
	if _, deleted := errors.AsType[*types.ResourceNotFoundException](err); deleted {
		s.Note("The drain %s was deleted, so the demo ends. The system runs until Ctrl-C.", demoApp)
		<-ctx.Done() // there may be other drains
		return nil
	}
	return readError(demoApp, err)
}

// demoTraffic sends the lines of an app that has a problem once, until ctx ends.
func demoTraffic(ctx context.Context, s *session, generator *simulate.Generator, sender *delivery.Sender) {
	for _, part := range []struct {
		mix  simulate.Mix
		plan simulate.Plan
	}{
		{mix: simulate.Calm, plan: simulate.Plan{Rate: demoRate, Duration: demoCalm}},
		{mix: simulate.Timeouts, plan: simulate.Plan{Rate: 2 * demoRate, Duration: demoStorm}},
		{mix: simulate.Calm, plan: simulate.Plan{Rate: demoRate}},
	} {
		generator.Use(part.mix)
		// Once ctx has ended, Run returns immediately, with its error.
		_, _ = simulate.Run(ctx, generator, sender, part.plan, func(r delivery.Result) {
			if r.Lost {
				s.Note("%s lost: %s", plural.Count(r.Lines, "line"), whyLost(s, demoApp, r))
			}
		})
	}
}
