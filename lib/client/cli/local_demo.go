package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

const (
	demoApp  = "demo"
	demoRate = 4 // lines per second: fast enough to watch, slow enough to read
	demoSeed = 1 // the same lines in every demo
)

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
	stream, err := streamOf(ctx, local, d, logs.Selection{})
	if err != nil {
		return err
	}
	s.Note("Its lines:\n")
	watching, stop := context.WithCancel(ctx)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		// Run ends only with its context, and returns its error.
		_, _ = simulate.Run(watching, generator, sender, simulate.Plan{Rate: demoRate}, func(r delivery.Result) {
			if r.Lost {
				s.Note("%s lost: %s", plural.Count(r.Lines, "line"), whyLost(s, demoApp, r))
			}
		})
	}()
	err = stream.Follow(watching, logs.Range{Last: new(defaultLines)}, s.wait, s.eventPrinter(false), func() {})
	stop()
	<-sent
	if _, deleted := errors.AsType[*types.ResourceNotFoundException](err); deleted {
		s.Note("The drain %s was deleted, so the demo ends. The system runs until Ctrl-C.", demoApp)
		<-ctx.Done() // there may be other drains
		return nil
	}
	return readError(demoApp, err)
}

// explain says on stderr how to use the system that has just started, which these flags point to.
func (c *localCmd) explain(s *session, flags globals) {
	app, simulated := "shop", "create a drain, and send it test traffic"
	if c.Demo {
		app, simulated = demoApp, "send more test traffic"
	}
	addresses := "" // the system does not listen at the default addresses
	if flags.LocalAPIURL != localAPIURL || flags.LocalAWSURL != localAWSURL {
		addresses = fmt.Sprintf("\n  export %[1]s_LOCAL_API_URL=%[2]s %[1]s_LOCAL_AWS_URL=%[3]s", variables, flags.LocalAPIURL, flags.LocalAWSURL)
	}
	s.Note(`
The system runs until Ctrl-C. In another terminal:
%[2]s
  %[1]s --local simulate -a %[3]s --lines 500   # %[4]s
  %[1]s --local logs -a %[3]s --tail            # show its lines as they are stored
  %[1]s --local list                           # show all drains

Or with the aws CLI:

  export AWS_ACCESS_KEY_ID=%[5]s AWS_SECRET_ACCESS_KEY=%[5]s AWS_DEFAULT_REGION=%[6]s
  aws --endpoint-url %[7]s logs get-log-events --log-group-name %[8]s --log-stream-name '%[9]s%[3]s'
  aws --endpoint-url %[7]s sqs list-queues
`, s.name, addresses, app, simulated, stack.LocalAccessKey, stack.LocalRegion, flags.LocalAWSURL, stack.DefaultLogGroup, stack.DefaultStreamPrefix)
}
