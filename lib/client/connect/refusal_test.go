package connect_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// refusals are responses of Heroku, and the error that each leads to.
var refusals = map[string]struct {
	fault herokufake.Fault
	want  error // nil: only Heroku's message
}{
	"401": {herokufake.Fault{Status: http.StatusUnauthorized, ID: "unauthorized", Message: "Invalid credentials."}, heroku.ErrUnauthorized},
	"403": {herokufake.Fault{Status: http.StatusForbidden, ID: "forbidden", Message: "You do not have access."}, heroku.ErrForbidden},
	"404": {herokufake.Fault{Status: http.StatusNotFound, ID: "not_found", Message: "Couldn't find that app."}, heroku.ErrNotFound},
	"409": {herokufake.Fault{Status: http.StatusConflict, ID: "conflict", Message: "Url has already been taken"}, heroku.ErrDrainExists},
	"422": {herokufake.Fault{Status: http.StatusUnprocessableEntity, ID: "invalid_params", Message: "Url is invalid"}, nil},
	"429": {herokufake.Fault{Status: http.StatusTooManyRequests, ID: "rate_limit", Message: "slow", RetryAfter: 3600}, heroku.ErrRateLimited},
	"500": {herokufake.Fault{Status: http.StatusInternalServerError, ID: "internal", Message: "oops"}, heroku.ErrUnavailable},
	"503": {herokufake.Fault{Status: http.StatusServiceUnavailable}, heroku.ErrUnavailable},
	"cut": {herokufake.Fault{Drop: herokufake.DropBefore}, heroku.ErrUnavailable},
}

const addRoute, removeRoute = "POST /apps/{app}/log-drains", "DELETE /apps/{app}/log-drains/{id}"

func TestPutRollsBackWhatHerokuRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for name, tt := range refusals {
		app := f.AddApp("refused-" + name)
		tt.fault.Route = addRoute
		remove := f.HerokuFake.Inject(tt.fault)
		_, err := f.Put(t.Context(), app, connect.PutOptions{})
		remove()
		wantFailure(t, name, err, tt.want, "what this run created on AWS was rolled back")
		f.CheckGone(app)
		f.put(app)
		f.CheckConnected(app)
	}
}

func TestRollbackKeepsWhatExistedBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Status: http.StatusForbidden, ID: "forbidden", Message: "no"})

	whole := f.AddApp("whole")
	_, _, err := f.API.Put(t.Context(), whole, drain.Patch{})
	localtest.Must(t, err)
	_, err = f.Put(t.Context(), whole, connect.PutOptions{Change: drain.Patch{Format: new("json")}})
	wantFailure(t, whole, err, heroku.ErrForbidden, "the AWS side existed before, and is kept")
	if d, err := f.API.Get(t.Context(), whole); err != nil || d.Queue == nil || d.EventSource == nil || d.LogStream == "" {
		t.Errorf("its AWS side is %s, %v", d.State, err)
	}

	kept := f.AddApp("kept")
	f.createStream(kept)
	_, err = f.Put(t.Context(), kept, connect.PutOptions{})
	wantFailure(t, kept, err, heroku.ErrForbidden, "what this run created on AWS was rolled back")
	if d, err := f.API.Get(t.Context(), kept); err != nil || d.Queue != nil || d.LogStream == "" {
		t.Errorf("the kept log stream is now %q, the drain %s, %v", d.LogStream, d.State, err)
	}
}

func TestPutChecksTheAppFirst(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.HerokuFake.AddApp(herokufake.App{Name: "fir", Generation: "fir"})
	f.HerokuFake.AddApp(herokufake.App{Name: "denied", Denied: true})
	for app, want := range map[string]error{"fir": heroku.ErrNoLogDrains, "denied": heroku.ErrForbidden, "missing": heroku.ErrNotFound} {
		c := *f.Connector
		c.API = untouchable{t}
		if _, err := c.Put(t.Context(), app, connect.PutOptions{}); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", app, err, want)
		}
	}
}

// untouchable is an API that must not be called.
type untouchable struct{ t *testing.T }

var errCalled = errors.New("the API was called")

func (u untouchable) call() error {
	u.t.Error(errCalled)
	return errCalled
}

func (u untouchable) Put(context.Context, string, drain.Patch) (d drain.Drain, created bool, err error) {
	return d, false, u.call()
}

func (u untouchable) Get(context.Context, string) (d drain.Drain, err error) { return d, u.call() }

func (u untouchable) List(context.Context, ...drain.Detail) ([]drain.Drain, error) {
	return nil, u.call()
}

func (u untouchable) Delete(context.Context, string, drain.DeleteOptions) (d drain.Drain, err error) {
	return d, u.call()
}

func TestPutUsesADrainWhoseResponseWasLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	// The client tries six times: the first try adds the drain, and the list that would show it fails as well.
	f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Drop: herokufake.DropAfter})
	f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/{app}/log-drains", Skip: 1, Times: 5, Status: http.StatusBadGateway})
	f.put(app)
	f.CheckConnected(app)
}

func TestAConcurrentPutAddsTheDrainFirst(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusConflict, http.StatusUnprocessableEntity} {
		f := newFixture(t, herokufake.Options{DuplicateStatus: status})
		app := f.AddApp("shop")
		made, _, err := f.API.Put(t.Context(), app, drain.Patch{})
		localtest.Must(t, err)
		f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Times: 1, Before: func() {
			f.HerokuFake.AddDrain(app, herokufake.Drain{URL: made.DrainURL})
		}})
		f.put(app)
		f.CheckConnected(app)
	}
}

func TestDrainLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{DrainLimit: 3})
	app := f.AddApp("full") // has two drains of its own
	f.HerokuFake.AddDrain(app, herokufake.Drain{ID: app + "-third", URL: "https://logs.example.com/third"})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantFailure(t, app, err, heroku.ErrDrainLimit, "what this run created on AWS was rolled back")

	// An older drain of ours is removed first to make room.
	app = f.AddApp("old")
	f.AddStaleDrain(app)
	f.put(app)
	f.CheckConnected(app)
}

func TestDeleteKeepsTheAWSSideWhenHerokuRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for name, tt := range refusals {
		if name == "404" || name == "409" { // a drain that does not exist needs no removal, and removing is never a conflict
			continue
		}
		app := f.AddApp("refused-" + name)
		f.put(app)
		tt.fault.Route = removeRoute
		remove := f.HerokuFake.Inject(tt.fault)
		conn, err := f.Find(t.Context(), app)
		localtest.Must(t, err)
		_, err = f.Delete(t.Context(), conn, connect.DeleteOptions{})
		remove()
		wantFailure(t, name, err, tt.want, "the AWS side is unchanged; to continue, run "+commandOf("delete", app))
		f.CheckConnected(app)
		f.delete(app, connect.DeleteOptions{})
		f.CheckGone(app)
	}
}

func TestDeleteChangesNothingWithoutHerokusList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	for name, tt := range refusals {
		if name == "404" || name == "409" || name == "422" {
			continue
		}
		tt.fault.Route = "GET /apps/{app}/log-drains"
		remove := f.HerokuFake.Inject(tt.fault)
		if _, err := f.Find(t.Context(), app); !errors.Is(err, tt.want) {
			t.Errorf("%s: Find's error %v, want %v", name, err, tt.want)
		}
		conn, err := f.Inspect(t.Context(), app)
		localtest.Must(t, err)
		if conn.Heroku.State != connect.Unknown || !errors.Is(conn.Heroku.Err, tt.want) {
			t.Errorf("%s: Inspect reports %s at Heroku, %v", name, conn.Heroku.State, conn.Heroku.Err)
		}
		if _, err := f.Delete(t.Context(), conn, connect.DeleteOptions{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: Delete's error %v, want %v", name, err, tt.want)
		}
		remove()
		f.CheckConnected(app)
	}
}

func TestTimeoutBeforeTheDrainIsActive(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	errUp := errors.New("time is up")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	c := *f.Connector
	c.Wait = func(waiting context.Context, d time.Duration) error {
		cancel(errUp)
		return f.Wait(waiting, d)
	}
	_, err := c.Put(ctx, app, connect.PutOptions{})
	wantFailure(t, app, err, errUp, "what this run created on AWS was rolled back")
	f.CheckGone(app)
}

func TestTimeoutWhileHerokuAnswers503(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	requests := 0
	f.HerokuFake.Inject(herokufake.Fault{Status: http.StatusServiceUnavailable, Message: "try later", Before: func() {
		if requests++; requests == 3 {
			cancel(errors.New("not done within 3m0s"))
		}
	}})
	_, err := f.Put(ctx, app, connect.PutOptions{})
	if err == nil || !strings.HasPrefix(err.Error(), "not done within 3m0s: ") || !strings.Contains(err.Error(), "HTTP 503: try later") {
		t.Errorf("error %v, want the timeout and what Heroku answered until then", err)
	}
}

// wantFailure checks that an error is a Failure with this cause, or any if want is nil, and what it says is left.
func wantFailure(t *testing.T, name string, err, want error, left string) {
	t.Helper()
	failure, ok := errors.AsType[*connect.Failure](err)
	switch {
	case !ok:
		t.Errorf("%s: error %v, want a Failure", name, err)
	case want != nil && !errors.Is(err, want):
		t.Errorf("%s: error %v, want %v", name, err, want)
	case failure.Left != left:
		t.Errorf("%s: what is left is %q, want %q", name, failure.Left, left)
	case strings.Contains(err.Error(), "\n"):
		t.Errorf("%s: the error has several lines: %v", name, err)
	}
}
