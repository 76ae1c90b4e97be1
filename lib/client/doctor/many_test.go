package doctor

import (
	"fmt"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// TestExamineManyDrains counts the calls for many healthy drains: docs/limits.md says for how many they are few enough.
func TestExamineManyDrains(t *testing.T) {
	const apps = 40
	f := clienttest.Start(t, clienttest.Options{})
	var connects errgroup.Group
	connects.SetLimit(8)
	for i := range apps {
		app := fmt.Sprintf("app-%d", i)
		f.HerokuFake.AddApp(herokufake.App{Name: app})
		connects.Go(func() error {
			_, err := f.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
			return err
		})
	}
	localtest.Must(t, connects.Wait())
	var mu sync.Mutex
	calls := map[string]int{}
	t.Cleanup(f.System.AWS.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls[c.Operation]++
	}))
	before := len(f.HerokuFake.Requests())
	d := Examine(t.Context(), optionsFor(t, f, herokufake.DefaultKey), new(steps))
	if !d.Healthy() || d.Drains != apps {
		t.Errorf("%d drains, findings %+v", d.Drains, d.Findings)
	}
	if n := len(f.HerokuFake.Requests()) - before; n != apps+2 { // the account and its apps
		t.Errorf("%d requests at Heroku for %d apps", n, apps)
	}
	mu.Lock() // pollers still call
	defer mu.Unlock()
	// The list counts the messages in each queue. The two others are the dead-letter queue and the alerts queue.
	if calls["ListDeadLetterSourceQueues"] != 1 || calls["GetQueueAttributes"] != apps+2 {
		t.Errorf("calls of AWS for %d drains: %v", apps, calls)
	}
	delete(calls, "GetQueueAttributes")
	for operation, n := range calls {
		if n > 10 && operation != "GetSecretValue" && operation != "GetQueueUrl" {
			t.Errorf("%d calls of %s for %d drains", n, operation, apps)
		}
	}
}
