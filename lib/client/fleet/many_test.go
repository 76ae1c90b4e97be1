package fleet_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// TestManyApps syncs many new apps, with an account at Heroku that has few requests left and refuses those beyond them. It counts the requests:
// docs/limits.md says for how many apps they are enough.
func TestManyApps(t *testing.T) {
	const (
		apps      = 60
		spare     = 80 // requests that are left before the client slows down
		tokenTime = time.Minute / herokufake.TokensPerMinute
	)
	file := "apps:\n"
	for i := range apps {
		file += fmt.Sprintf("  app-%d:\n", i)
	}
	parsed, err := fleet.Parse("fleet.yaml", []byte(file))
	localtest.Must(t, err)
	f := &fixture{
		Fixture: clienttest.Start(t, clienttest.Options{Heroku: herokufake.Options{TokensPerMinute: herokufake.TokensPerMinute}}), t: t, file: parsed,
	}
	want := map[string]fleet.Outcome{}
	for app := range parsed.Apps {
		f.HerokuFake.AddApp(herokufake.App{Name: app})
		want[app] = fleet.Created
	}
	var mu sync.Mutex
	aws := map[string]int{}
	t.Cleanup(f.System.AWS.OnCall(func(c awslocal.Call) {
		operation := c.Operation
		if c.Service == "execute-api" && !strings.Contains(c.Path, "/app-") {
			operation += " /drains"
		}
		mu.Lock()
		defer mu.Unlock()
		aws[operation]++
	}))
	f.HerokuFake.SetTokens(450 + spare)
	plan := f.plan()
	least, surveyed := plan.Least(f.Connector, fleet.Options{}), f.HerokuPauses.Load()
	f.apply(plan, fleet.Options{}, want)
	if applied := time.Duration(f.HerokuPauses.Load() - surveyed); least < applied-8*tokenTime || least > applied+8*tokenTime {
		t.Errorf("it was to take at least %s, and took %s", least, applied)
	}

	requests := map[string]int{}
	for _, r := range f.HerokuFake.Requests() {
		what := r.Method
		if r.Path == "/apps" {
			what += " /apps"
		}
		requests[what]++
	}
	if diff := cmp.Diff(map[string]int{"GET /apps": 1, "GET": 2 * apps, "POST": apps}, requests); diff != "" {
		t.Errorf("requests at Heroku (-want +got):\n%s", diff)
	}
	const slow = 3*apps + 1 - spare
	if took := time.Duration(f.HerokuPauses.Load()); took < (slow-8)*tokenTime || took > (slow+8)*tokenTime {
		t.Errorf("%d requests took %s, want %s", 3*apps+1, took, slow*tokenTime)
	}
	mu.Lock() // pollers still call
	defer mu.Unlock()
	got := map[string]int{}
	for _, what := range []string{"GET /drains", "PUT", "CreateQueue", "CreateEventSourceMapping", "CreateLogStream"} {
		got[what] = aws[what]
	}
	if diff := cmp.Diff(map[string]int{
		"GET /drains": 1, "PUT": apps, "CreateQueue": apps, "CreateEventSourceMapping": apps, "CreateLogStream": apps,
	}, got); diff != "" {
		t.Errorf("calls of AWS (-want +got):\n%s\nall: %v", diff, aws)
	}
}
