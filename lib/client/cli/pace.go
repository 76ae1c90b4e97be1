package cli

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

const (
	// fleetWidth is how many apps are worked on at a time. Most of an app's time goes by waiting for its mapping, up to a minute.
	fleetWidth = 8
	// apiPace is the least time between two calls of one route of the API: 40 % of the rate at which the stack throttles it, so that others
	// get their turn, too.
	apiPace = time.Second * 5 / (2 * stack.ManagementRate)
	// logsPace keeps the looks into the streams below the smallest quota that an account has for FilterLogEvents, five a second.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
	logsPace = 250 * time.Millisecond
)

// paced is a Connector for many apps: its calls stay below what AWS allows an account in a second. Heroku's own client sees to Heroku's
// limit. It tells nobody of its steps, for there are many at a time.
func paced(c *connect.Connector) *connect.Connector {
	slow := *c
	slow.Progress = nil
	slow.API = &pacedAPI{API: c.API, puts: pacer{wait: c.Wait, pace: apiPace}, gets: pacer{wait: c.Wait, pace: apiPace}}
	slow.Logs = &pacedLogs{Logs: c.Logs, pacer: pacer{wait: c.Wait, pace: logsPace}}
	return &slow
}

// pacer lets callers go one by one.
type pacer struct {
	wait waiter
	pace time.Duration

	mu   sync.Mutex
	next time.Time // when the next caller may go
}

func (p *pacer) turn(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.pace)
	p.mu.Unlock()
	if at.Equal(now) {
		return context.Cause(ctx)
	}
	return p.wait(ctx, at.Sub(now))
}

type pacedAPI struct {
	connect.API
	puts, gets pacer
}

func (p *pacedAPI) Put(ctx context.Context, app string, settings drain.Patch) (d drain.Drain, created bool, err error) {
	if err := p.puts.turn(ctx); err != nil {
		return drain.Drain{}, false, err
	}
	return p.API.Put(ctx, app, settings)
}

func (p *pacedAPI) Get(ctx context.Context, app string) (drain.Drain, error) {
	if err := p.gets.turn(ctx); err != nil {
		return drain.Drain{}, err
	}
	return p.API.Get(ctx, app)
}

func (p *pacedAPI) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error) {
	if err := p.puts.turn(ctx); err != nil {
		return drain.Drain{}, err
	}
	return p.API.Delete(ctx, app, opts)
}

type pacedLogs struct {
	connect.Logs
	pacer pacer
}

func (p *pacedLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	if err := p.pacer.turn(ctx); err != nil {
		return nil, err
	}
	return p.Logs.FilterLogEvents(ctx, in, opts...)
}
