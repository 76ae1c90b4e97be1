package heroku_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

func newAppsFixture(t *testing.T) *fixture {
	f := newFixture(t, herokufake.Options{PageSize: 2})
	for _, a := range []herokufake.App{
		{Name: "blog", Team: "acme"}, {Name: "api", Team: "acme", Space: "acme-eu"}, {Name: "wiki", Team: "other"},
		{Name: "next", Team: "acme", Generation: "fir"}, {Name: "cart", Team: "acme", Denied: true}, {Name: "jobs", Team: "acme"},
	} {
		f.AddApp(a)
	}
	return f
}

var byName = cmpopts.SortSlices(func(a, b heroku.App) bool { return a.Name < b.Name })

func TestAppsFollowsEveryPage(t *testing.T) {
	f := newAppsFixture(t)
	got, err := f.client.Apps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []heroku.App{
		{Name: "shop", Generation: "cedar"}, {Name: "blog", Team: "acme", Generation: "cedar"},
		{Name: "api", Team: "acme", Space: "acme-eu", Generation: "cedar"}, {Name: "wiki", Team: "other", Generation: "cedar"},
		{Name: "next", Team: "acme", Generation: "fir"}, {Name: "cart", Team: "acme", Generation: "cedar"},
		{Name: "jobs", Team: "acme", Generation: "cedar"},
	}
	if diff := cmp.Diff(want, got, byName); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
	if n := len(f.Requests()); n != 4 {
		t.Errorf("%d requests for 7 apps in pages of 2", n)
	}
}

// TestAWholeListHasNoNextPage has a server send a Next-Range with a complete list.
func TestAWholeListHasNoNextPage(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.Header().Set("Next-Range", "id ]1..; max=200")
		_, _ = w.Write([]byte(`[{"name":"shop"}]`))
	}))
	defer server.Close()
	got, err := newClient(t, server.URL).Apps(t.Context())
	if err != nil || len(got) != 1 || requests != 1 {
		t.Errorf("%d requests, apps %+v, error %v", requests, got, err)
	}
}

func TestTeamApps(t *testing.T) {
	f := newAppsFixture(t)
	got, err := f.client.TeamApps(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	want := []heroku.App{
		{Name: "blog", Team: "acme"}, {Name: "api", Team: "acme", Space: "acme-eu"}, {Name: "next", Team: "acme"},
		{Name: "cart", Team: "acme"}, {Name: "jobs", Team: "acme"},
	}
	if diff := cmp.Diff(want, got, byName); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
	for i, r := range f.Requests() {
		if r.Path != "/teams/acme/apps" || (r.Range != "") != (i > 0) {
			t.Errorf("request %d: %+v", i, r)
		}
	}
}

// TestAFailingPageIsReadAgain checks that a page which succeeds later is neither lost nor duplicated.
func TestAFailingPageIsReadAgain(t *testing.T) {
	for name, fault := range map[string]herokufake.Fault{
		"no response":     {Skip: 1, Times: 1, Status: 503},
		"half a response": {Skip: 1, Times: 1, Drop: herokufake.DropHalfway},
	} {
		t.Run(name, func(t *testing.T) {
			f := newAppsFixture(t)
			f.Inject(fault)
			got, err := f.client.TeamApps(t.Context(), "acme")
			if err != nil {
				t.Fatal(err)
			}
			names := map[string]int{}
			for _, a := range got {
				names[a.Name]++
			}
			if diff := cmp.Diff(map[string]int{"api": 1, "blog": 1, "cart": 1, "jobs": 1, "next": 1}, names); diff != "" {
				t.Errorf("how often each app is listed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFailingListReturnsNothing(t *testing.T) {
	f := newAppsFixture(t)
	f.Inject(herokufake.Fault{Skip: 1, Status: 403})
	got, err := f.client.Apps(t.Context())
	checkError(t, err, heroku.ErrForbidden)
	if got != nil {
		t.Errorf("apps %+v", got)
	}
}

func TestApp(t *testing.T) {
	f := newAppsFixture(t)
	tests := map[string]struct {
		want error
		app  heroku.App
	}{
		"api":        {nil, heroku.App{Name: "api", Team: "acme", Space: "acme-eu", Generation: "cedar"}},
		"shop":       {nil, heroku.App{Name: "shop", Generation: "cedar"}},
		"cart":       {heroku.ErrForbidden, heroku.App{}},
		"gone":       {heroku.ErrNotFound, heroku.App{}},
		"../account": {heroku.ErrNotFound, heroku.App{}},
	}
	for name, tt := range tests {
		got, err := f.client.App(t.Context(), name)
		if tt.want != nil {
			checkError(t, err, tt.want)
		} else if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(tt.app, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCheckLogDrains(t *testing.T) {
	for generation, want := range map[string]error{"fir": heroku.ErrNoLogDrains, "cedar": nil, "": nil} {
		if err := (heroku.App{Generation: generation}).CheckLogDrains(); !errors.Is(err, want) {
			t.Errorf("%q: %v", generation, err)
		}
	}
}

func TestNoSuchTeam(t *testing.T) {
	_, err := newAppsFixture(t).client.TeamApps(t.Context(), "acme/../other")
	checkError(t, err, heroku.ErrNotFound)
}

func TestAccount(t *testing.T) {
	f := newFixture(t, herokufake.Options{Email: "dev@example.com"})
	if got, err := f.client.Account(t.Context()); err != nil || got.Email != "dev@example.com" {
		t.Errorf("account %+v, error %v", got, err)
	}
	_, err := f.newClient(t, heroku.Config{Key: "HRKU-old"}).Account(t.Context())
	checkError(t, err, heroku.ErrUnauthorized)
}
