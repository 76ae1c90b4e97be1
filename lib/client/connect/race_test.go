package connect_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// raced is an API with hooks, in which a test does what another run does at the same time.
type raced struct {
	connect.API
	afterGet, afterPut, beforeDelete func() // nil: nothing; each is called once
}

func once(hook *func()) {
	if do := *hook; do != nil {
		*hook = nil
		do()
	}
}

func (r *raced) Get(ctx context.Context, app string) (drain.Drain, error) {
	d, err := r.API.Get(ctx, app)
	once(&r.afterGet)
	return d, err
}

func (r *raced) Put(ctx context.Context, app string, change drain.Patch) (drain.Drain, bool, error) {
	d, created, err := r.API.Put(ctx, app, change)
	once(&r.afterPut)
	return d, created, err
}

func (r *raced) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error) {
	once(&r.beforeDelete)
	return r.API.Delete(ctx, app, opts)
}

// checkUntouched checks that an app is connected and has at least this many lines.
func (f *fixture) checkUntouched(app string, lines int) {
	f.t.Helper()
	f.CheckConnected(app)
	if n := f.lines(app); n < lines {
		f.t.Errorf("%s has %d lines, want at least %d", app, n, lines)
	}
}

// Another run creates the drain between this run's look and its PUT, and this run is interrupted.
func TestPutInterruptedBeforeItsRequestDeletesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	ctx, cancel := context.WithCancel(t.Context())
	c := *f.Connector
	c.API = &raced{API: f.API, afterGet: func() {
		f.send(f.put(app).DrainURL, 3)
		cancel()
	}}
	_, err := c.Put(ctx, app, connect.PutOptions{})
	wantFailure(t, app, err, context.Canceled,
		"another run may have created the AWS side, so it is kept; "+
			"to complete it, run "+commandOf("put", app)+"; to remove it, "+commandOf("delete", app))
	f.checkUntouched(app, 1)
}

// Another run creates the drain first, and this run's PUT finds it complete. Then Heroku refuses this run.
func TestPutThatCreatedNothingDeletesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	remove := f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Status: http.StatusForbidden, ID: "forbidden", Message: "no"})
	c := *f.Connector
	c.API = &raced{API: f.API, afterGet: func() { f.createAWSSide(app) }}
	_, err := c.Put(t.Context(), app, connect.PutOptions{})
	remove()
	wantFailure(t, app, err, heroku.ErrForbidden, "another run created the AWS side, so it is kept")
	if d, err := f.API.Get(t.Context(), app); err != nil || d.State != drain.Active {
		t.Errorf("the drain is %s, %v", d.State, err)
	}
}

// This run creates the drain, another one uses it, and then this run is interrupted.
func TestPutKeepsADrainThatHerokuSendsTo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	ctx, cancel := context.WithCancel(t.Context())
	c := *f.Connector
	c.API = &raced{API: f.API, afterPut: func() {
		f.put(app)
		cancel()
	}}
	_, err := c.Put(ctx, app, connect.PutOptions{})
	wantFailure(t, app, err, context.Canceled, "Heroku now sends to the drain, so the AWS side is kept")
	f.checkUntouched(app, 1)
}

// This run creates the drain. While it rolls back, other runs delete the drain and create it again.
func TestPutRollsBackOnlyItsOwnDrain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	ctx, cancel := context.WithCancel(t.Context())
	c := *f.Connector
	c.API = &raced{API: f.API, afterPut: cancel, beforeDelete: func() {
		f.System.AWS.Advance(transit)
		f.delete(app, connect.DeleteOptions{})
		f.put(app)
	}}
	_, err := c.Put(ctx, app, connect.PutOptions{})
	wantFailure(t, app, err, context.Canceled, "another run changed the AWS side, so it is kept")
	f.checkUntouched(app, 1)
}

// A line arrived before the drain is rolled back, from whoever has the URL.
func TestRollbackKeepsAStreamWithLines(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	ctx, cancel := context.WithCancel(t.Context())
	c := *f.Connector
	c.API = &raced{API: f.API, afterPut: func() {
		d, _, err := f.PutAWS(t.Context(), app, drain.Patch{})
		localtest.Must(t, err)
		_, err = f.AwaitActive(t.Context(), d)
		localtest.Must(t, err)
		f.send(d.DrainURL, 1)
		localtest.Eventually(t, "the line is stored", func() bool { return f.lines(app) == 1 })
		cancel()
	}}
	_, err := c.Put(ctx, app, connect.PutOptions{})
	wantFailure(t, app, err, context.Canceled, "what this run created on AWS was rolled back, except for the log stream, which has lines")
	d, err := f.API.Get(t.Context(), app)
	if err != nil || d.Queue != nil || f.lines(app) != 1 {
		t.Errorf("left are %v and %d lines, %v", d, f.lines(app), err)
	}
}

// The answer to PUT is lost, so it is not known whether this run created the drain.
func TestPutWithoutAnAnswerDeletesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	c := *f.Connector
	c.API = answersLost{f.API}
	_, err := c.Put(t.Context(), app, connect.PutOptions{})
	wantFailure(t, app, err, errLost, "another run may have created the AWS side, so it is kept; "+
		"to complete it, run "+commandOf("put", app)+"; to remove it, "+commandOf("delete", app))
	f.put(app)
	f.CheckConnected(app)
}

var errLost = errors.New("the connection was lost")

// answersLost is an API whose answers to PUT are lost.
type answersLost struct{ connect.API }

func (u answersLost) Put(ctx context.Context, app string, change drain.Patch) (drain.Drain, bool, error) {
	if _, _, err := u.API.Put(ctx, app, change); err != nil {
		return drain.Drain{}, false, err
	}
	return drain.Drain{}, false, errLost
}

// A drain that was created again after a person decided to delete it is another one.
func TestDeleteRefusesADrainCreatedAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	conn, err := f.Find(t.Context(), app)
	localtest.Must(t, err)
	f.delete(app, connect.DeleteOptions{})
	f.createAWSSide(app)
	_, err = f.Delete(t.Context(), conn, connect.DeleteOptions{})
	if err == nil || !strings.Contains(err.Error(), "created again in the meantime") {
		t.Errorf("error %v", err)
	}
	if d, err := f.API.Get(t.Context(), app); err != nil || d.State != drain.Active {
		t.Errorf("the drain is %s, %v", d.State, err)
	}
}
