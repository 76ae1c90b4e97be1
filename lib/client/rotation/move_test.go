package rotation_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

func TestOneAppFails(t *testing.T) {
	tests := map[string]struct {
		prepare func(f *fixture) // makes shop fail
		state   rotation.State
		want    error
		text    string
	}{
		"no access": {func(f *fixture) { f.heroku.AddApp(herokufake.App{Name: "shop", Denied: true}) }, rotation.Unknown, heroku.ErrForbidden, ""},
		"adding fails": {func(f *fixture) {
			f.heroku.Inject(herokufake.Fault{Route: "POST /apps/shop/log-drains", Status: 503, ID: "unavailable", Message: "no"})
		}, rotation.Behind, heroku.ErrUnavailable, ""},
		"removing fails": {func(f *fixture) {
			f.heroku.Inject(herokufake.Fault{Route: "DELETE /apps/{app}/log-drains/{id}", Skip: 1, Times: 1, Status: 403, ID: "forbidden", Message: "no"})
		}, rotation.Behind, heroku.ErrForbidden, ""},
		"drain limit": {func(f *fixture) {
			for _, path := range []string{"/1", "/2", "/3", "/4"} {
				f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com" + path})
			}
		}, rotation.Behind, heroku.ErrDrainLimit, "the app needs room for a second log drain"},
		"rate limit": {func(f *fixture) {
			f.heroku.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: 429, ID: "rate_limit", Message: "wait", RetryAfter: 600})
		}, rotation.Unknown, heroku.ErrRateLimited, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, "blog", "shop", "zoo")
			old := f.ourURLs("shop")
			tt.prepare(f)
			result, err := f.Rotate(t.Context(), rotation.Options{}, &progress{})
			localtest.Must(t, err)
			want := map[string]rotation.State{"blog": rotation.Current, "shop": tt.state, "zoo": rotation.Current}
			if diff := cmp.Diff(want, states(result.Apps)); diff != "" || !result.NewKey || result.Left() != 1 {
				t.Fatalf("result %+v, states (-want +got):\n%s", result, diff)
			}
			err = result.Apps[1].Err
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %v", err)
			}
			for url := range maps.Values(f.currentURLs()) {
				if err != nil && strings.Contains(err.Error(), password(t, url)) {
					t.Error("the error shows a password")
				}
			}
			if tt.state == rotation.Behind && (len(f.ourURLs("shop")) == 0 || f.ourURLs("shop")[0] != old[0]) {
				t.Error("the old drain is gone")
			}
		})
	}
}

func TestTimeoutKeepsTheLastAnswer(t *testing.T) {
	f := newFixture(t, "shop")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	errTime, tries := errors.New("time is up"), 0
	f.heroku.Inject(herokufake.Fault{
		Route: "POST /apps/shop/log-drains", Status: 503, ID: "unavailable", Message: "down for maintenance",
		Before: func() {
			if tries++; tries == 2 {
				cancel(errTime)
			}
		},
	})
	var p progress
	if _, err := f.Rotate(ctx, rotation.Options{}, &p); !errors.Is(err, errTime) {
		t.Errorf("the rotation ended with %v", err)
	}
	if len(p.items) != 1 || !strings.Contains(p.items[0], "time is up") || !strings.Contains(p.items[0], "down for maintenance") {
		t.Errorf("progress: %q", p.items)
	}
}

// The log drain of an app may lead to a domain of the user's own. It is moved there, with the new password.
func TestRotateMovesDrainsUnderAnotherHostName(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	otherHost := func(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }
	for _, d := range f.heroku.Drains("shop") {
		localtest.Must(t, f.Connector.Heroku.RemoveDrain(t.Context(), "shop", d.ID))
		f.heroku.AddDrain("shop", herokufake.Drain{URL: otherHost(d.URL)})
	}
	tr := f.startTraffic("shop")
	for range 2 {
		if result := f.rotate(); !result.NewKey || result.Left() > 0 || result.Apps[1].State != rotation.Current {
			t.Errorf("result %+v", result)
		}
		if ours, want := f.ourURLs("shop"), otherHost(f.currentURLs()["shop"]); !slices.Equal(ours, []string{want}) {
			t.Errorf("shop has %d drains at Heroku, want one under its host name, with the new password", len(ours))
		}
	}
	tr.stop()
}
