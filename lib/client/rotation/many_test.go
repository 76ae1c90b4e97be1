package rotation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// calls counts calls by what they ask for, without the names of apps and drains.
type calls struct {
	mu sync.Mutex
	by map[string]int
}

func (c *calls) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[what]++
}

// TestManyApps rotates the key for many apps, with an account at Heroku that has few requests left and refuses those beyond them. It counts all
// calls: docs/limits.md says for how many apps they are enough.
func TestManyApps(t *testing.T) {
	const (
		apps  = 80
		spare = 100 // requests that are left before the client slows down
	)
	f := newFixtureWith(t, clienttest.Options{Heroku: herokufake.Options{TokensPerMinute: herokufake.TokensPerMinute}})
	f.MaxParallel = 0
	var connects errgroup.Group
	connects.SetLimit(8)
	for i := range apps {
		app := fmt.Sprintf("app-%d", i)
		f.heroku.AddApp(herokufake.App{Name: app})
		f.apps = append(f.apps, app)
		connects.Go(func() error {
			_, err := f.Connector.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
			return err
		})
	}
	localtest.Must(t, connects.Wait())

	aws := &calls{by: map[string]int{}}
	t.Cleanup(f.system.AWS.OnCall(func(c awslocal.Call) {
		operation := c.Operation
		if c.Service == "execute-api" {
			operation += " /drains"
			if strings.Contains(c.Path, "/app-") {
				operation += "/{app}"
			}
		}
		aws.add(operation)
	}))
	before := len(f.heroku.Requests())
	f.heroku.SetTokens(450 + spare)
	paused := f.herokuPauses.Load()
	previewed := f.preview(rotation.Options{})
	var least, surveyed time.Duration
	counts := func(d time.Duration) { least, surveyed = d, time.Duration(f.herokuPauses.Load()-paused) }
	result, err := f.Rotate(t.Context(), rotation.Options{Previewed: &previewed}, &progress{counts: counts})
	localtest.Must(t, err)
	if !result.NewKey || result.Left() > 0 || result.Unverified() > 0 {
		t.Fatalf("new key %t, %d apps are left, %d unverified", result.NewKey, result.Left(), result.Unverified())
	}

	requests := map[string]int{}
	for _, r := range f.heroku.Requests()[before:] {
		requests[r.Method]++
	}
	if diff := cmp.Diff(map[string]int{"GET": 2 * apps, "POST": apps, "DELETE": apps}, requests); diff != "" {
		t.Errorf("requests at Heroku (-want +got):\n%s", diff)
	}
	const slow = 4*apps - spare
	if took := time.Duration(f.herokuPauses.Load() - paused); took < (slow-8)*tokenTime || took > (slow+8)*tokenTime {
		t.Errorf("%d requests took %s, want %s", 4*apps, took, slow*tokenTime)
	} else if moved := took - surveyed; least < moved-8*tokenTime || least > moved+8*tokenTime {
		t.Errorf("it was to take at least %s, and took %s", least, moved)
	}

	got := map[string]int{}
	for _, what := range []string{"GET /drains", "GET /drains/{app}", "PUT /drains/{app}", "DescribeSecret", "PutSecretValue"} {
		got[what] = aws.by[what]
	}
	if diff := cmp.Diff(map[string]int{
		"GET /drains": 1, "GET /drains/{app}": 2 * apps, "PUT /drains/{app}": 2 * apps, "DescribeSecret": 1, "PutSecretValue": 1,
	}, got); diff != "" {
		t.Errorf("calls of AWS (-want +got):\n%s\nall: %v", diff, aws.by)
	}
	f.wantCurrent()
}

// tokenTime is the time in which Heroku adds a token.
const tokenTime = time.Minute / herokufake.TokensPerMinute

// slowHeroku is a Heroku with one app at which every request waits for tokens longer than a move may take.
type slowHeroku struct {
	connect.Heroku
	mu     sync.Mutex
	drains []heroku.Drain
}

func (h *slowHeroku) wait(ctx context.Context) error {
	return deadline.Uncounted(ctx, func() error { return clock.Sleep(ctx, 10*time.Minute) })
}

func (h *slowHeroku) Drains(ctx context.Context, _ string) ([]heroku.Drain, error) {
	err := h.wait(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.drains), err
}

func (h *slowHeroku) AddDrain(ctx context.Context, _, url string) (heroku.Drain, error) {
	err := h.wait(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drains = append(h.drains, heroku.Drain{ID: url, URL: url})
	return h.drains[len(h.drains)-1], err
}

func (h *slowHeroku) RemoveDrain(ctx context.Context, _, id string) error {
	err := h.wait(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drains = slices.DeleteFunc(h.drains, func(d heroku.Drain) bool { return d.ID == id })
	return err
}

// oneDrain is an API with the drain of shop, whose password is the number of the key.
type oneDrain struct {
	connect.API
	key *atomic.Int64
}

func (a oneDrain) List(context.Context, ...drain.Detail) ([]drain.Drain, error) {
	return []drain.Drain{{App: "shop"}}, nil
}

func (a oneDrain) Get(context.Context, string) (drain.Drain, error) {
	return drain.Drain{App: "shop", State: drain.Active}, nil
}

func (a oneDrain) Put(context.Context, string, drain.Patch) (drain.Drain, bool, error) {
	return drain.Drain{App: "shop", State: drain.Active, DrainURL: fmt.Sprintf("https://shop:%d@logs.example.com/drains/shop", a.key.Load())}, false, nil
}

// countedKey is a secret whose value is the number of its version.
type countedKey struct{ n *atomic.Int64 }

func (k countedKey) DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (
	*secretsmanager.DescribeSecretOutput, error) {
	return &secretsmanager.DescribeSecretOutput{VersionIdsToStages: map[string][]string{fmt.Sprint(k.n.Load()): {"AWSCURRENT"}}}, nil
}

func (k countedKey) PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (
	*secretsmanager.PutSecretValueOutput, error) {
	k.n.Add(1)
	return &secretsmanager.PutSecretValueOutput{}, nil
}

// TestAMoveWaitsForTokens checks that the time for which an app waits for requests of Heroku's does not count for its limit.
func TestAMoveWaitsForTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := new(atomic.Int64)
		fake := &slowHeroku{drains: []heroku.Drain{{ID: "old", URL: "https://shop:0@logs.example.com/drains/shop"}}}
		r := &rotation.Rotator{
			Connector: &connect.Connector{API: oneDrain{key: key}, APIURL: "https://logs.example.com", Heroku: fake, Wait: clock.Sleep},
			Secrets:   countedKey{key}, Secret: "key",
		}
		began := time.Now()
		result, err := r.Rotate(t.Context(), rotation.Options{SkipVerify: true}, &progress{})
		localtest.Must(t, err)
		if result.Left() > 0 || len(fake.drains) != 1 || !strings.HasPrefix(fake.drains[0].URL, "https://shop:1@") {
			t.Errorf("result %+v, at Heroku %v", result, fake.drains)
		}
		if took := time.Since(began); took < 40*time.Minute {
			t.Errorf("it took only %s", took)
		}
	})
}
