package clienttest

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// Intercept returns a copy of a Connector that passes each of its steps to step: a call of the API, of Heroku or of the log stream, or a wait.
// step decides whether to run it, and returns its result. Tests use this to end a run at each step in turn.
func Intercept(c *connect.Connector, step func(do func() error) error) *connect.Connector {
	intercepted := *c
	intercepted.API, intercepted.Heroku, intercepted.Logs = api{c.API, step}, herokuAPI{c.Heroku, step}, logs{c.Logs, step}
	intercepted.Wait = func(ctx context.Context, d time.Duration) error {
		return step(func() error { return c.Wait(ctx, d) })
	}
	return &intercepted
}

type api struct {
	connect.API
	step func(do func() error) error
}

func (a api) Put(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error) {
	err = a.step(func() (err error) { d, created, err = a.API.Put(ctx, app, change); return err })
	if err != nil { // a lost answer says nothing
		return drain.Drain{}, false, err
	}
	return d, created, nil
}

func (a api) Get(ctx context.Context, app string) (d drain.Drain, err error) {
	err = a.step(func() (err error) { d, err = a.API.Get(ctx, app); return err })
	return d, err
}

func (a api) List(ctx context.Context, include ...drain.Detail) (all []drain.Drain, err error) {
	err = a.step(func() (err error) { all, err = a.API.List(ctx, include...); return err })
	return all, err
}

func (a api) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (d drain.Drain, err error) {
	err = a.step(func() (err error) { d, err = a.API.Delete(ctx, app, opts); return err })
	return d, err
}

type herokuAPI struct {
	connect.Heroku
	step func(do func() error) error
}

func (h herokuAPI) App(ctx context.Context, name string) (a heroku.App, err error) {
	err = h.step(func() (err error) { a, err = h.Heroku.App(ctx, name); return err })
	return a, err
}

func (h herokuAPI) Drains(ctx context.Context, app string) (all []heroku.Drain, err error) {
	err = h.step(func() (err error) { all, err = h.Heroku.Drains(ctx, app); return err })
	return all, err
}

func (h herokuAPI) AddDrain(ctx context.Context, app, drainURL string) (d heroku.Drain, err error) {
	err = h.step(func() (err error) { d, err = h.Heroku.AddDrain(ctx, app, drainURL); return err })
	return d, err
}

func (h herokuAPI) RemoveDrain(ctx context.Context, app, id string) error {
	return h.step(func() error { return h.Heroku.RemoveDrain(ctx, app, id) })
}

type logs struct {
	connect.Logs
	step func(do func() error) error
}

func (l logs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.FilterLogEventsOutput, err error) {
	err = l.step(func() (err error) { out, err = l.Logs.FilterLogEvents(ctx, in, opts...); return err })
	return out, err
}

func (l logs) StartQuery(ctx context.Context, in *cloudwatchlogs.StartQueryInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.StartQueryOutput, err error) {
	err = l.step(func() (err error) { out, err = l.Logs.StartQuery(ctx, in, opts...); return err })
	return out, err
}

func (l logs) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.GetQueryResultsOutput, err error) {
	err = l.step(func() (err error) { out, err = l.Logs.GetQueryResults(ctx, in, opts...); return err })
	return out, err
}
