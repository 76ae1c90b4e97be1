package rotation_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/credential"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

func TestRotateMovesEveryApp(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.heroku.AddApp(herokufake.App{Name: "docs"}) // has a drain on AWS only
	_, _, err := f.Connector.API.Put(t.Context(), "docs", drain.Patch{})
	localtest.Must(t, err)
	before := f.currentURLs()
	first, _ := f.keys()
	var p progress
	result, err := f.Rotate(t.Context(), rotation.Options{}, &p)
	localtest.Must(t, err)
	want := map[string]rotation.State{"blog": rotation.Current, "docs": rotation.Absent, "shop": rotation.Current}
	if diff := cmp.Diff(want, states(result.Apps)); diff != "" || !result.NewKey || result.Resumed || result.Left() != 0 {
		t.Errorf("result %+v, states (-want +got):\n%s", result, diff)
	}
	slices.Sort(p.items)
	if diff := cmp.Diff([]string{"blog: current", "shop: current"}, p.items); diff != "" || p.total != 2 {
		t.Errorf("progress of %d items (-want +got):\n%s", p.total, diff)
	}
	f.wantCurrent()
	after := f.currentURLs()
	for app := range before {
		if before[app] == after[app] {
			t.Errorf("%s still has its old password", app)
		}
	}
	if _, previous := f.keys(); previous != first {
		t.Error("the key before is not the previous one")
	}
	if waited := time.Duration(f.waited.Load()); waited < credential.Pause {
		t.Errorf("the apps were moved %s after the new key was created", waited)
	}
	if len(f.ourURLs("docs")) > 0 {
		t.Error("docs was connected")
	}
}

func TestPreviewChangesNothing(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	before, _ := f.keys()
	requests := len(f.heroku.Requests())
	if expected := f.preview(rotation.Options{}); !expected.NewKey || expected.Resumed {
		t.Errorf("expected result: %+v", expected)
	}
	for _, r := range f.heroku.Requests()[requests:] {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if after, _ := f.keys(); after != before {
		t.Error("there is a new key")
	}
}

func TestRotateFinishesAnEarlierRotation(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.stopAfterKey(func() {})
	key, _ := f.keys()
	want := map[string]rotation.State{"blog": rotation.Behind, "shop": rotation.Behind}
	expected := f.preview(rotation.Options{})
	if diff := cmp.Diff(want, states(expected.Apps)); diff != "" || expected.NewKey || !expected.Resumed || expected.Left() != 2 {
		t.Errorf("expected result %+v, states (-want +got):\n%s", expected, diff)
	}
	result, err := f.Rotate(t.Context(), rotation.Options{App: "blog", Force: true}, &progress{})
	localtest.Must(t, err)
	if diff := cmp.Diff(map[string]rotation.State{"blog": rotation.Current}, states(result.Apps)); diff != "" || result.NewKey {
		t.Errorf("result for one app %+v, states (-want +got):\n%s", result, diff)
	}
	want["blog"] = rotation.Current
	if diff := cmp.Diff(want, states(f.preview(rotation.Options{}).Apps)); diff != "" {
		t.Errorf("states after one move (-want +got):\n%s", diff)
	}
	var p progress
	result, err = f.Rotate(t.Context(), rotation.Options{}, &p)
	localtest.Must(t, err)
	if result.NewKey || !result.Resumed || result.Left() != 0 {
		t.Errorf("result %+v", result)
	}
	if diff := cmp.Diff([]string{"shop: current"}, p.items); diff != "" {
		t.Errorf("moved apps (-want +got):\n%s", diff)
	}
	f.wantCurrent()
	if now, _ := f.keys(); now != key {
		t.Error("another key was created")
	}
}

func TestForceCreatesAKeyAfterAnUnfinishedRotation(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.stopAfterKey(func() {})
	first, _ := f.keys()
	opts := rotation.Options{Force: true}
	if expected := f.preview(opts); !expected.NewKey || !expected.Resumed {
		t.Errorf("expected result: %+v", expected)
	}
	result, err := f.Rotate(t.Context(), opts, &progress{})
	localtest.Must(t, err)
	if !result.NewKey || !result.Resumed || result.Left() != 0 {
		t.Errorf("result %+v", result)
	}
	f.wantCurrent()
	if now, previous := f.keys(); now == first || previous != first {
		t.Error("not exactly one more key was created")
	}
}

func TestOneAppOnly(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.stopAfterKey(func() {})
	expected := f.preview(rotation.Options{App: "shop"})
	if diff := cmp.Diff(map[string]rotation.State{"shop": rotation.Behind}, states(expected.Apps)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// A second key would lock out an app that still uses the previous one.
func TestNoKeyWhileAnAppIsUnknown(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.rotate()
	key, _ := f.keys()
	f.heroku.AddApp(herokufake.App{Name: "shop", Denied: true})
	expected := f.preview(rotation.Options{})
	result, err := f.Rotate(t.Context(), rotation.Options{}, &progress{})
	localtest.Must(t, err)
	for name, r := range map[string]rotation.Result{"preview": expected, "rotation": result} {
		if r.NewKey || r.Resumed || r.Left() != 1 || !errors.Is(r.Apps[1].Err, heroku.ErrForbidden) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if now, _ := f.keys(); now != key {
		t.Error("there is a new key")
	}
	if expected := f.preview(rotation.Options{Force: true}); !expected.NewKey {
		t.Error("Force does not create a key")
	}
}
