package connect_test

import (
	"context"
	"runtime"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// end is how a run comes to its end.
type end string

const (
	killed      end = "killed"      // nothing runs any more
	interrupted end = "interrupted" // it may still tidy up
	unanswered  end = "unanswered"  // interrupted while it waits for the answer to what has been done
)

// reaper ends a run at the at-th thing that its Connector does.
type reaper struct {
	at        int
	end       end
	interrupt func()
	passed    int
}

func (r *reaper) pass(do func() error) error {
	r.passed++
	if r.passed != r.at {
		return do()
	}
	switch r.end {
	case killed:
		runtime.Goexit()
	case interrupted:
		r.interrupt()
		return do()
	}
	err := do()
	r.interrupt()
	if err == nil {
		err = context.Canceled
	}
	return err
}

// mortal is a Connector all of whose calls, waits and steps pass the reaper.
func (w *world) mortal(r *reaper) *connect.Connector {
	c := *w.Connector
	c.API, c.Heroku, c.Logs, c.Progress = mortalAPI{c.API, r}, mortalHeroku{c.Heroku, r}, mortalLogs{c.Logs, r}, mortalProgress{r}
	wait := c.Wait
	c.Wait = func(ctx context.Context, d time.Duration) error {
		return r.pass(func() error { return wait(ctx, d) })
	}
	return &c
}

type mortalAPI struct {
	connect.API
	r *reaper
}

func (m mortalAPI) Put(ctx context.Context, app string, s drain.Patch) (d drain.Drain, created bool, err error) {
	err = m.r.pass(func() (err error) { d, created, err = m.API.Put(ctx, app, s); return err })
	return d, created, err
}

func (m mortalAPI) Get(ctx context.Context, app string) (d drain.Drain, err error) {
	err = m.r.pass(func() (err error) { d, err = m.API.Get(ctx, app); return err })
	return d, err
}

func (m mortalAPI) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (d drain.Drain, err error) {
	err = m.r.pass(func() (err error) { d, err = m.API.Delete(ctx, app, opts); return err })
	return d, err
}

type mortalHeroku struct {
	connect.Heroku
	r *reaper
}

func (m mortalHeroku) App(ctx context.Context, name string) (a heroku.App, err error) {
	err = m.r.pass(func() (err error) { a, err = m.Heroku.App(ctx, name); return err })
	return a, err
}

func (m mortalHeroku) Drains(ctx context.Context, app string) (d []heroku.Drain, err error) {
	err = m.r.pass(func() (err error) { d, err = m.Heroku.Drains(ctx, app); return err })
	return d, err
}

func (m mortalHeroku) AddDrain(ctx context.Context, app, drainURL string) (d heroku.Drain, err error) {
	err = m.r.pass(func() (err error) { d, err = m.Heroku.AddDrain(ctx, app, drainURL); return err })
	return d, err
}

func (m mortalHeroku) RemoveDrain(ctx context.Context, app, id string) error {
	return m.r.pass(func() error { return m.Heroku.RemoveDrain(ctx, app, id) })
}

type mortalLogs struct {
	connect.Logs
	r *reaper
}

func (m mortalLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.FilterLogEventsOutput, err error) {
	err = m.r.pass(func() (err error) { out, err = m.Logs.FilterLogEvents(ctx, in, opts...); return err })
	return out, err
}

// mortalProgress makes each step that is told a place to strike at: before what has no call of its own, too, such as the test line's POST.
type mortalProgress struct{ r *reaper }

func (m mortalProgress) Step(string, ...any)   { _ = m.r.pass(func() error { return nil }) }
func (m mortalProgress) Detail(string, ...any) {}
