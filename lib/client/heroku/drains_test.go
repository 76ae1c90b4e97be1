package heroku_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

func TestDrains(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	made := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	own := f.AddDrain("shop", herokufake.Drain{URL: drainURL, CreatedAt: made})
	addOn := f.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com/t0ken", AddOn: "papertrail-curved-1", CreatedAt: made})
	got, err := f.client.Drains(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	want := []heroku.Drain{
		{ID: own.ID, Token: own.Token, URL: drainURL, CreatedAt: made},
		{ID: addOn.ID, Token: addOn.Token, URL: "https://logs.example.com/t0ken", AddOn: "papertrail-curved-1", CreatedAt: made},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("drains (-want +got):\n%s", diff)
	}
}

func TestTheAppsNameIsEscaped(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	_, err := f.client.Drains(t.Context(), "shop/../blog")
	checkError(t, err, heroku.ErrNotFound)
	f.wantRequests(t, "GET /apps/shop%2F..%2Fblog/log-drains")
}

func TestAddDrain(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	got, err := f.client.AddDrain(t.Context(), "shop", drainURL)
	if err != nil {
		t.Fatal(err)
	}
	there := f.Drains("shop")
	if len(there) != 1 || there[0].URL != drainURL {
		t.Fatalf("drains %+v", there)
	}
	want := heroku.Drain{ID: there[0].ID, Token: there[0].Token, URL: drainURL, CreatedAt: there[0].CreatedAt}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("drain (-want +got):\n%s", diff)
	}
	f.wantRequests(t, addDrain)
}

func TestAddDrainRefused(t *testing.T) {
	other := func(n string) herokufake.Drain {
		return herokufake.Drain{URL: "https://logs.example.com/" + n}
	}
	tests := map[string]struct {
		options herokufake.Options
		app     herokufake.App
		drains  []herokufake.Drain
		fault   herokufake.Fault
		key     string
		name    string // of the app; empty for shop
		want    error
	}{
		"there already": {drains: []herokufake.Drain{{URL: drainURL}}, want: heroku.ErrDrainExists},
		"there already, by 409": {
			options: herokufake.Options{DuplicateStatus: 409}, drains: []herokufake.Drain{{URL: drainURL}}, want: heroku.ErrDrainExists},
		"there already, as Logplex": {fault: herokufake.Fault{Status: 409, Message: "Already exists"}, want: heroku.ErrDrainExists},
		"a conflict without words":  {fault: herokufake.Fault{Status: 409}, want: heroku.ErrDrainExists},
		"there already, in a message that quotes the URL": {
			fault: herokufake.Fault{Status: 422, Message: "Url " + drainURL + " exists"}, want: heroku.ErrDrainExists},
		"the limit": {
			options: herokufake.Options{DrainLimit: 2}, drains: []herokufake.Drain{other("1"), other("2")}, want: heroku.ErrDrainLimit},
		"the limit, as Logplex": {
			fault: herokufake.Fault{Status: 422, Message: "maximum number of drains reached"}, want: heroku.ErrDrainLimit},
		"the limit, in other words": {fault: herokufake.Fault{Status: 409, Message: "Too many drains exist"}, want: heroku.ErrDrainLimit},
		"Fir":                       {app: herokufake.App{Name: "shop", Generation: "fir"}, want: heroku.ErrNoLogDrains},
		"Fir, forbidden":            {fault: herokufake.Fault{Status: 403, Message: "not on Fir"}, want: heroku.ErrNoLogDrains},
		"no such app":               {name: "blog", want: heroku.ErrNotFound},
		"no access":                 {app: herokufake.App{Name: "shop", Denied: true}, want: heroku.ErrForbidden},
		"two factors": {
			fault: herokufake.Fault{Status: 403, ID: "two_factor", Message: "A second factor is required."}, want: heroku.ErrForbidden},
		"a wrong key":   {key: "HRKU-wrong", want: heroku.ErrUnauthorized},
		"a wrong URL":   {fault: herokufake.Fault{Status: 422, ID: "invalid_params", Message: "Url is invalid"}, want: nil},
		"no such limit": {fault: herokufake.Fault{Status: 422, Message: "Delimited URLs of a firm, unlimited"}, want: nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, tt.options)
			if tt.app.Name != "" {
				f.AddApp(tt.app)
			}
			for _, d := range tt.drains {
				f.AddDrain("shop", d)
			}
			if tt.fault.Status != 0 {
				f.Inject(tt.fault)
			}
			if tt.name == "" {
				tt.name = "shop"
			}
			_, err := f.newClient(t, heroku.Config{Key: tt.key}).AddDrain(t.Context(), tt.name, drainURL)
			checkError(t, err, tt.want)
			f.wantRequests(t, "POST /apps/"+tt.name+"/log-drains") // only once
		})
	}
}

func TestAddDrainNeedsADrainURL(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	_, err := f.client.AddDrain(t.Context(), "shop", "https://api.example.com/drains/shop")
	if err == nil || !strings.Contains(err.Error(), "is not a drain URL") || len(f.Requests()) > 0 {
		t.Errorf("error %v, requests %q", err, f.requests())
	}
}

// TestAddDrainAfterALostResponse checks that a lost response causes neither a second drain nor an error about the drain that was added.
func TestAddDrainAfterALostResponse(t *testing.T) {
	tests := map[string]struct {
		faults []herokufake.Fault
		sent   []string
	}{
		"not done": {
			[]herokufake.Fault{{Route: addDrain, Times: 1, Drop: herokufake.DropBefore}}, []string{addDrain, getDrains, addDrain}},
		"not done, with a response": {
			[]herokufake.Fault{{Route: addDrain, Times: 1, Status: 503}}, []string{addDrain, getDrains, addDrain}},
		"done": {
			[]herokufake.Fault{{Route: addDrain, Times: 1, Drop: herokufake.DropAfter}}, []string{addDrain, getDrains}},
		"done, with half a response": {
			[]herokufake.Fault{{Route: addDrain, Times: 1, Drop: herokufake.DropHalfway}}, []string{addDrain, getDrains}},
		"done, but listing fails": {[]herokufake.Fault{
			{Route: addDrain, Times: 1, Drop: herokufake.DropAfter},
			{Route: getDrains, Times: 2, Status: 502},
		}, []string{addDrain, getDrains, getDrains, getDrains}},
		"not done, and then rate-limited": {[]herokufake.Fault{
			{Route: addDrain, Times: 1, Drop: herokufake.DropBefore},
			{Route: addDrain, Skip: 1, Times: 1, Status: 429},
		}, []string{addDrain, getDrains, addDrain, getDrains, addDrain}},
		"not done, again and again": {[]herokufake.Fault{{Route: addDrain, Times: 2, Status: 500}},
			[]string{addDrain, getDrains, addDrain, getDrains, addDrain}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			for _, fault := range tt.faults {
				f.Inject(fault)
			}
			got, err := f.client.AddDrain(t.Context(), "shop", drainURL)
			if err != nil {
				t.Fatal(err)
			}
			if there := f.Drains("shop"); len(there) != 1 || there[0].ID != got.ID || got.URL != drainURL {
				t.Errorf("returned %+v, but the app has %+v", got, there)
			}
			f.wantRequests(t, tt.sent...)
		})
	}
}

// TestAddDrainAfterALateArrival has the first request arrive after the client has looked for the drain.
func TestAddDrainAfterALateArrival(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	var late herokufake.Drain
	f.Inject(herokufake.Fault{Route: addDrain, Times: 1, Drop: herokufake.DropBefore})
	f.Inject(herokufake.Fault{Route: addDrain, Skip: 1, Times: 1, Before: func() {
		late = f.AddDrain("shop", herokufake.Drain{URL: drainURL})
	}})
	got, err := f.client.AddDrain(t.Context(), "shop", drainURL)
	if err != nil || got.ID != late.ID {
		t.Errorf("returned %+v, error %v", got, err)
	}
	f.wantRequests(t, addDrain, getDrains, addDrain, getDrains)
}

// TestAddDrainThatIsNotListed checks that AddDrain fails if Heroku says that the drain exists, but does not list it.
func TestAddDrainThatIsNotListed(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.Inject(herokufake.Fault{Route: addDrain, Times: 1, Drop: herokufake.DropBefore})
	f.Inject(herokufake.Fault{Route: addDrain, Status: 422, Message: "Url has already been taken"})
	_, err := f.client.AddDrain(t.Context(), "shop", drainURL)
	checkError(t, err, heroku.ErrDrainExists)
}

func TestAddDrainRetriesWithoutLookingIfItWasNotDone(t *testing.T) {
	for name, fault := range map[string]herokufake.Fault{
		"rate limit": {Route: addDrain, Times: 2, Status: 429, ID: "rate_limit"},
		"a new app": {Route: addDrain, Times: 2, Status: 422, ID: "invalid_params",
			Message: "App hasn't yet been assigned a log channel. Please try again momentarily."},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			f.Inject(fault)
			if _, err := f.client.AddDrain(t.Context(), "shop", drainURL); err != nil {
				t.Fatal(err)
			}
			f.wantRequests(t, addDrain, addDrain, addDrain) // without listing: there is nothing to find
		})
	}
}

func TestRemoveDrain(t *testing.T) {
	ours, others := herokufake.Drain{ID: "ours", URL: drainURL}, herokufake.Drain{ID: "others", URL: "https://logs.example.com"}
	addOn := herokufake.Drain{ID: "addon", URL: "https://logs.example.com/2", AddOn: "papertrail-curved-1"}
	tests := map[string]struct {
		app, id string
		fault   herokufake.Fault
		want    error
		left    []herokufake.Drain
		sent    int
	}{
		"present":           {"shop", "ours", herokufake.Fault{}, nil, []herokufake.Drain{others, addOn}, 1},
		"gone already":      {"shop", "gone", herokufake.Fault{}, nil, []herokufake.Drain{ours, others, addOn}, 1},
		"gone with its app": {"blog", "ours", herokufake.Fault{}, nil, []herokufake.Drain{ours, others, addOn}, 1},
		"an add-on's":       {"shop", "addon", herokufake.Fault{}, heroku.ErrForbidden, []herokufake.Drain{ours, others, addOn}, 1},
		"a lost response": {"shop", "ours", herokufake.Fault{Times: 1, Drop: herokufake.DropAfter}, nil,
			[]herokufake.Drain{others, addOn}, 2},
		"an outage": {"shop", "ours", herokufake.Fault{Times: 2, Status: 503}, nil, []herokufake.Drain{others, addOn}, 3},
		"a conflict": {"shop", "ours", herokufake.Fault{Status: http.StatusConflict, Message: "already being removed"}, nil,
			[]herokufake.Drain{ours, others, addOn}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			for _, d := range []herokufake.Drain{ours, others, addOn} {
				d.Token = "d." + d.ID
				f.AddDrain("shop", d)
			}
			if tt.fault.Status != 0 || tt.fault.Drop != herokufake.DropNever {
				f.Inject(tt.fault)
			}
			err := f.client.RemoveDrain(t.Context(), tt.app, tt.id)
			if tt.want != nil || tt.fault.Status == http.StatusConflict {
				checkError(t, err, tt.want)
			} else if err != nil {
				t.Error(err)
			}
			left := f.Drains("shop")
			for i := range left {
				left[i].Token = ""
			}
			if diff := cmp.Diff(tt.left, left); diff != "" {
				t.Errorf("drains left (-want +got):\n%s", diff)
			}
			if n := len(f.Requests()); n != tt.sent {
				t.Errorf("%d requests, want %d", n, tt.sent)
			}
		})
	}
}
