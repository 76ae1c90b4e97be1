package connect_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// TestDeleteWaitsForLateCounts sends lines just before a delete. CloudWatch Logs refuses them at first, so that they wait in the queue, which
// looks empty for a minute. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
func TestDeleteWaitsForLateCounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	made, err := f.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	refused := make(chan struct{}, 100)
	f.System.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Times: 1, Status: 400, Code: "AccessDeniedException"})
	t.Cleanup(f.System.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == "PutLogEvents" {
			refused <- struct{}{}
		}
	}))
	f.send(made.DrainURL, 1)
	<-refused
	f.awaitFunctions(app)
	f.delete(app, connect.DeleteOptions{KeepLogs: true})
	if n := f.lines(app); n != 1 {
		t.Errorf("%d of 1 line is stored", n)
	}
}

// awaitFunctions makes waits return when the functions have done with an app's queue what they can once the clock has advanced.
func (f *fixture) awaitFunctions(app string) {
	f.Wait = func(ctx context.Context, d time.Duration) error {
		f.System.AWS.Advance(d)
		localtest.Eventually(f.t, "the queue of "+app+" waits for the clock", func() bool {
			left := f.System.AWS.Backlog(stack.DefaultQueuePrefix + app)
			return left.Visible == 0 && left.Taken == 0
		})
		return context.Cause(ctx)
	}
}

// TestDeleteWaitsAsLongAsAWSSays measures the wait of a delete whose queue is empty all the time.
func TestDeleteWaitsAsLongAsAWSSays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		window int
		opts   connect.DeleteOptions
		want   time.Duration
	}{
		"several minutes":              {0, connect.DeleteOptions{}, 3 * time.Minute},
		"longer than the batch window": {300, connect.DeleteOptions{}, 6 * time.Minute},
		"not with force":               {0, connect.DeleteOptions{Force: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			app := f.AddApp("shop")
			_, err := f.Put(t.Context(), app, connect.PutOptions{Change: drain.Patch{BatchWindowSeconds: &tt.window}, SkipVerify: true})
			localtest.Must(t, err)
			conn, err := f.Find(t.Context(), app)
			localtest.Must(t, err)
			var words []string
			f.Progress = countdowns(func(text string) { words = append(words, text) })
			wait, waited := f.Wait, time.Duration(0)
			f.Wait = func(ctx context.Context, d time.Duration) error {
				waited += d
				return wait(ctx, d)
			}
			_, err = f.Delete(t.Context(), conn, tt.opts)
			localtest.Must(t, err)
			if waited != tt.want {
				t.Errorf("waited %s, want %s", waited, tt.want)
			}
			if tt.want > 0 && (len(words) == 0 || !strings.Contains(words[0], "Waiting "+tt.want.String()) || !strings.Contains(words[0], "--force")) {
				t.Errorf("countdown %q", words)
			}
		})
	}
}

// countdowns is a Progress that only wants the words of countdowns.
type countdowns func(text string)

func (countdowns) Step(string, ...any)                        {}
func (countdowns) Detail(string, ...any)                      {}
func (countdowns) Tally(string, int, func(int) time.Duration) {}

func (countdowns) Tick() {}

func (c countdowns) Countdown(left time.Duration, words func(time.Duration) string) {
	c(words(left))
}

// TestDeleteOfManyWaitsOnce checks that the waits of many apps do not add up.
func TestDeleteOfManyWaitsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	var apps []heroku.App
	for _, name := range []string{"a01", "a02", "a03", "a04", "a05", "a06", "a07", "a08", "a09", "a10"} {
		f.createAWSSide(f.AddApp(name))
		apps = append(apps, heroku.App{Name: name})
	}
	found, err := f.List(t.Context(), apps)
	localtest.Must(t, err)
	var mu sync.Mutex
	waiting, most := 0, 0
	wait := f.Wait
	together := make(chan struct{})
	f.Wait = func(ctx context.Context, d time.Duration) error {
		if d < 10*time.Second { // a wait for a turn
			return wait(ctx, d)
		}
		mu.Lock()
		waiting++
		if most = max(most, waiting); most == len(apps) {
			select {
			case <-together:
			default:
				close(together)
			}
		}
		mu.Unlock()
		<-together // returns only if all of them wait at the same time
		mu.Lock()
		defer mu.Unlock()
		waiting--
		return wait(ctx, d)
	}
	for _, r := range f.DeleteAll(t.Context(), found, connect.DeleteOptions{}) {
		if r.Err != nil {
			t.Errorf("%s: %v", r.App, r.Err)
		}
	}
	for _, app := range apps {
		f.CheckGone(app.Name)
	}
}

func TestAPutDuringADeleteWins(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	conn, err := f.Find(t.Context(), app)
	localtest.Must(t, err)
	other := *f.Connector
	wait, again := f.Wait, false
	f.Wait = func(ctx context.Context, d time.Duration) error {
		if !again {
			again = true
			_, err := other.Put(ctx, app, connect.PutOptions{})
			localtest.Must(t, err)
		}
		return wait(ctx, d)
	}
	_, err = f.Delete(t.Context(), conn, connect.DeleteOptions{})
	wantFailure(t, app, err, nil, "the AWS side is unchanged; to delete the drain, run "+commandOf("delete", app))
	f.CheckConnected(app)
}
