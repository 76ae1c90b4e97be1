package connect

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// The minimum intervals between the calls of a Paced Connector.
const (
	// apiPace is the minimum time between two calls of one route of the API: 40% of the rate at which the stack throttles it, so that others
	// get their turn, too.
	apiPace = time.Second * 5 / (2 * stack.ManagementRate)
	// logsPace keeps the polls of log streams below the smallest quota that an account has for FilterLogEvents, five a second, and for queries.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
	logsPace = 250 * time.Millisecond
)

// LeastCalls returns how long a number of calls of one route of the API takes at least with a Paced Connector.
func LeastCalls(n int) time.Duration { return apiPace * time.Duration(n) }

// Paced returns a copy for working on many apps at a time: its calls of each kind stay below the rates that the stack and AWS allow. The
// Heroku client observes Heroku's limit itself. The copy has no Progress, because the steps of many apps would mix;
// it keeps Waits.
func (c *Connector) Paced() *Connector {
	paced := *c
	paced.Progress = nil
	paced.API = &pacedAPI{API: c.API, puts: pacer{wait: c.Wait, pace: apiPace}, gets: pacer{wait: c.Wait, pace: apiPace}}
	paced.Logs = &pacedLogs{Logs: c.Logs, pacer: pacer{wait: c.Wait, pace: logsPace}}
	return &paced
}

// pacer lets callers through one at a time. How long they wait does not count for the deadline.Limit of an app.
type pacer struct {
	wait func(context.Context, time.Duration) error
	pace time.Duration

	mu   sync.Mutex
	next time.Time // when the next caller may pass
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
	return deadline.Uncounted(ctx, func() error { return p.wait(ctx, at.Sub(now)) })
}

type pacedAPI struct {
	API
	puts, gets pacer
}

func (p *pacedAPI) Put(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error) {
	if err := p.puts.turn(ctx); err != nil {
		return drain.Drain{}, false, err
	}
	return p.API.Put(ctx, app, change)
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
	Logs
	pacer pacer
}

func (p *pacedLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	if err := p.pacer.turn(ctx); err != nil {
		return nil, err
	}
	return p.Logs.FilterLogEvents(ctx, in, opts...)
}

func (p *pacedLogs) StartQuery(ctx context.Context, in *cloudwatchlogs.StartQueryInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.StartQueryOutput, error) {
	if err := p.pacer.turn(ctx); err != nil {
		return nil, err
	}
	return p.Logs.StartQuery(ctx, in, opts...)
}

func (p *pacedLogs) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.GetQueryResultsOutput, error) {
	if err := p.pacer.turn(ctx); err != nil {
		return nil, err
	}
	return p.Logs.GetQueryResults(ctx, in, opts...)
}
