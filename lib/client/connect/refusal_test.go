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
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

// refusals are what Heroku may answer, and the error that comes of it.
var refusals = map[string]struct {
	fault herokufake.Fault
	want  error // nil: Heroku's words alone
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

func TestWhatHerokuRefusesIsUndone(t *testing.T) {
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

func TestWhatWasThereBeforeARefusalStays(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Status: http.StatusForbidden, ID: "forbidden", Message: "no"})

	whole := f.AddApp("whole")
	_, _, err := f.API.Put(t.Context(), whole, drain.Patch{})
	localtest.Must(t, err)
	_, err = f.Put(t.Context(), whole, connect.PutOptions{Change: drain.Patch{Format: new("json")}})
	wantFailure(t, whole, err, heroku.ErrForbidden, "its AWS side existed before and is kept")
	if d, err := f.API.Get(t.Context(), whole); err != nil || d.Queue == nil || d.EventSource == nil || d.LogStream == "" {
		t.Errorf("its AWS side is %s, %v", d.State, err)
	}

	kept := f.AddApp("kept")
	f.createStream(kept)
	_, err = f.Put(t.Context(), kept, connect.PutOptions{})
	wantFailure(t, kept, err, heroku.ErrForbidden, "what this run created on AWS was rolled back")
	if d, err := f.API.Get(t.Context(), kept); err != nil || d.Queue != nil || d.LogStream == "" {
		t.Errorf("the log stream that was kept is %q, the drain %s, %v", d.LogStream, d.State, err)
	}
}

func TestAnAppThatCannotHaveADrainIsLeftAlone(t *testing.T) {
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

// untouchable is an AWS side that must not be called.
type untouchable struct{ t *testing.T }

var errTouched = errors.New("the AWS side is touched")

func (u untouchable) touch() error {
	u.t.Error(errTouched)
	return errTouched
}

func (u untouchable) Put(context.Context, string, drain.Patch) (d drain.Drain, created bool, err error) {
	return d, false, u.touch()
}

func (u untouchable) Get(context.Context, string) (d drain.Drain, err error) { return d, u.touch() }

func (u untouchable) List(context.Context) ([]drain.Drain, error) { return nil, u.touch() }

func (u untouchable) Delete(context.Context, string, drain.DeleteOptions) (d drain.Drain, err error) {
	return d, u.touch()
}

func TestWhatHerokuDidWithoutAnAnswerCounts(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	// Six tries is all that the client makes: the first one does the work, and the list in between is of no help either.
	f.HerokuFake.Inject(herokufake.Fault{Route: addRoute, Drop: herokufake.DropAfter})
	f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/{app}/log-drains", Skip: 1, Times: 5, Status: http.StatusBadGateway})
	f.put(app)
	f.CheckConnected(app)
}

func TestAnotherPutIsQuicker(t *testing.T) {
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

func TestTheLimitOfDrains(t *testing.T) {
	f := newFixture(t, herokufake.Options{DrainLimit: 3})
	app := f.AddApp("full") // with two of others
	f.HerokuFake.AddDrain(app, herokufake.Drain{ID: app + "-third", URL: "https://logs.example.com/third"})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantFailure(t, app, err, heroku.ErrDrainLimit, "what this run created on AWS was rolled back")

	// An old one of ours makes room.
	app = f.AddApp("old")
	f.AddStaleDrain(app)
	f.put(app)
	f.CheckConnected(app)
}

func TestWhatHerokuDoesNotRemoveStaysWhole(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	for name, tt := range refusals {
		if name == "404" || name == "409" { // removing what is not there is as good, and never a conflict
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
		wantFailure(t, name, err, tt.want, "its AWS side is unchanged; run the same delete again to continue")
		f.CheckConnected(app)
		f.delete(app, connect.DeleteOptions{})
		f.CheckGone(app)
	}
}

func TestDeleteTouchesNothingWhenHerokuDoesNotTell(t *testing.T) {
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
			t.Errorf("%s: Look's error %v, want %v", name, err, tt.want)
		}
		conn, err := f.Inspect(t.Context(), app)
		localtest.Must(t, err)
		if conn.Heroku.State != connect.Unknown || !errors.Is(conn.Heroku.Err, tt.want) {
			t.Errorf("%s: Get has %s at Heroku, %v", name, conn.Heroku.State, conn.Heroku.Err)
		}
		if _, err := f.Delete(t.Context(), conn, connect.DeleteOptions{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: Delete's error %v, want %v", name, err, tt.want)
		}
		remove()
		f.CheckConnected(app)
	}
}

func TestTimeIsUpBeforeTheDrainIsActive(t *testing.T) {
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

func TestTimeIsUpWhileHerokuAnswers503(t *testing.T) {
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
		t.Errorf("error %v, want that time is up and what Heroku answered until then", err)
	}
}

// wantFailure checks that an error is a Failure, of what, and what it says is left.
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
		t.Errorf("%s: error of several lines: %v", name, err)
	}
}
