package rotation_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/credential"
	"heroku-drains/lib/drain"
)

// rotate is a whole rotation, or the end of an unfinished one; it answers what became of the apps.
func (w *world) rotate() []rotation.App {
	w.t.Helper()
	s := w.survey()
	if !s.Any(rotation.Behind) {
		must(w.t, w.NewKey(w.t.Context(), s))
	}
	return w.moveAll(s)
}

func (w *world) moveAll(s rotation.Survey) []rotation.App {
	var moved []rotation.App
	for _, app := range s.Apps {
		if !s.Any(rotation.Behind) || app.State != rotation.Current {
			app = w.Move(w.t.Context(), app)
		}
		moved = append(moved, app)
	}
	return moved
}

func TestEveryAppIsMoved(t *testing.T) {
	w := newWorld(t, "blog", "shop")
	w.heroku.AddApp(herokufake.App{Name: "docs"}) // has a drain on AWS only
	_, _, err := w.Connector.API.Put(t.Context(), "docs", drain.Patch{})
	must(t, err)
	before := w.urls()
	first, _ := w.labels()
	want := map[string]rotation.State{"blog": rotation.Current, "docs": rotation.Absent, "shop": rotation.Current}
	if diff := cmp.Diff(want, states(w.rotate())); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	w.wantCurrent()
	after := w.urls()
	for app := range before {
		if before[app] == after[app] {
			t.Errorf("%s still has its old password", app)
		}
	}
	if _, previous := w.labels(); previous != first {
		t.Error("the key before is not the previous one")
	}
	if waited := time.Duration(w.waited.Load()); waited < credential.Pause {
		t.Errorf("new URLs were given out %s after the new key", waited)
	}
	if len(w.ours("docs")) > 0 {
		t.Error("docs was connected")
	}
}

func TestASurveyChangesNothing(t *testing.T) {
	w := newWorld(t, "blog", "shop")
	before, _ := w.labels()
	requests := len(w.heroku.Requests())
	w.survey()
	for _, r := range w.heroku.Requests()[requests:] {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if after, _ := w.labels(); after != before {
		t.Error("there is a new key")
	}
}

func TestAnUnfinishedRotationShows(t *testing.T) {
	w := newWorld(t, "blog", "shop")
	s := w.survey()
	if s.Rotated() || s.Any(rotation.Behind) {
		t.Fatalf("before: rotated %t, states %v", s.Rotated(), states(s.Apps))
	}
	must(t, w.NewKey(t.Context(), s))
	key, _ := w.labels()
	s = w.survey()
	want := map[string]rotation.State{"blog": rotation.Behind, "shop": rotation.Behind}
	if diff := cmp.Diff(want, states(s.Apps)); diff != "" || !s.Rotated() {
		t.Errorf("rotated %t, states after the key (-want +got):\n%s", s.Rotated(), diff)
	}
	w.Move(t.Context(), s.Apps[0])
	s = w.survey()
	want["blog"] = rotation.Current
	if diff := cmp.Diff(want, states(s.Apps)); diff != "" {
		t.Errorf("states after one move (-want +got):\n%s", diff)
	}
	w.moveAll(s)
	w.wantCurrent()
	if now, _ := w.labels(); now != key {
		t.Error("finishing made another key")
	}
}

func TestOneAppOnly(t *testing.T) {
	w := newWorld(t, "blog", "shop")
	must(t, w.NewKey(t.Context(), w.survey()))
	s, err := w.Survey(t.Context(), "shop")
	must(t, err)
	if diff := cmp.Diff(map[string]rotation.State{"shop": rotation.Behind}, states(s.Apps)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestOfTwoRotationsOneMakesAKey(t *testing.T) {
	w := newWorld(t, "shop")
	one, other := w.survey(), w.survey()
	must(t, w.NewKey(t.Context(), one))
	key, _ := w.labels()
	if err := w.NewKey(t.Context(), other); !errors.Is(err, rotation.ErrOtherRotation) {
		t.Errorf("error %v", err)
	}
	if now, _ := w.labels(); now != key {
		t.Error("there is another key")
	}
	w.rotate()
	w.wantCurrent()
	must(t, w.NewKey(t.Context(), w.survey())) // and the next rotation is free to
}

// TestAWrongPasswordJustBefore lets a stranger keep the function from looking for new keys at the moment of the rotation.
func TestAWrongPasswordJustBefore(t *testing.T) {
	for name, makeKey := range map[string]func(*world, rotation.Survey) rotation.Survey{
		"a rotation": func(w *world, s rotation.Survey) rotation.Survey {
			must(w.t, w.NewKey(w.t.Context(), s))
			return s
		},
		"killed right after the key, and finished at once": func(w *world, s rotation.Survey) rotation.Survey {
			killed := w.mortal(&reaper{at: 1, after: true})
			if err := killed.NewKey(w.t.Context(), s); !errors.Is(err, errDead) {
				w.t.Fatalf("error %v", err)
			}
			return w.survey()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "shop")
			s := w.survey()
			wrong := strings.Replace(w.urls()["shop"], "shop:", "shop:not", 1)
			for range 2 { // the first makes the function fetch the keys, the second makes it look again
				resp, err := http.Post(wrong, "application/logplex-1", http.NoBody)
				must(t, err)
				resp.Body.Close()
				if resp.StatusCode != http.StatusUnauthorized {
					t.Fatalf("a wrong password is answered with %d", resp.StatusCode)
				}
			}
			for _, app := range w.moveAll(makeKey(w, s)) {
				if app.Err != nil {
					t.Error(app.Err)
				}
			}
			w.wantCurrent()
		})
	}
}

func TestWhatGoesWrongWithOneApp(t *testing.T) {
	tests := map[string]struct {
		prepare func(w *world) // what is wrong with shop
		state   rotation.State
		want    error
		text    string
	}{
		"gone": {func(w *world) { w.heroku.AddApp(herokufake.App{Name: "shop", Denied: true}) }, rotation.Unknown, heroku.ErrForbidden, ""},
		"adding fails": {func(w *world) {
			w.heroku.Inject(herokufake.Fault{Route: "POST /apps/shop/log-drains", Status: 503, ID: "unavailable", Message: "no"})
		}, rotation.Behind, heroku.ErrUnavailable, ""},
		"removing fails": {func(w *world) {
			w.heroku.Inject(herokufake.Fault{Route: "DELETE /apps/{app}/log-drains/{id}", Skip: 1, Times: 1, Status: 403, ID: "forbidden", Message: "no"})
		}, rotation.Behind, heroku.ErrForbidden, ""},
		"no place": {func(w *world) {
			for _, path := range []string{"/1", "/2", "/3", "/4"} {
				w.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com" + path})
			}
		}, rotation.Behind, heroku.ErrDrainLimit, "its new drain needs a place beside the old one"},
		"too many requests": {func(w *world) {
			w.heroku.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: 429, ID: "rate_limit", Message: "wait", RetryAfter: 600})
		}, rotation.Unknown, heroku.ErrRateLimited, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "blog", "shop", "zoo")
			old := w.ours("shop")
			tt.prepare(w)
			s := w.survey()
			must(t, w.NewKey(t.Context(), s))
			moved := w.moveAll(s)
			want := map[string]rotation.State{"blog": rotation.Current, "shop": tt.state, "zoo": rotation.Current}
			if diff := cmp.Diff(want, states(moved)); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			err := moved[1].Err
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %v", err)
			}
			for _, url := range maps.All(w.urls()) {
				if err != nil && strings.Contains(err.Error(), password(t, url)) {
					t.Error("the error shows a password")
				}
			}
			if tt.state == rotation.Behind && (len(w.ours("shop")) == 0 || w.ours("shop")[0] != old[0]) {
				t.Error("the old drain is gone")
			}
		})
	}
}
