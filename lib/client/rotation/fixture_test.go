package rotation_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// fixture is a whole system, a fake Heroku, and a Rotator between them whose waits advance the system's clock instead of taking time.
type fixture struct {
	*rotation.Rotator
	t      *testing.T
	system *local.System
	heroku *herokufake.Server
	apps   []string
	waited atomic.Int64 // nanoseconds

	herokuPauses *atomic.Int64
}

// newFixture starts a system, and connects apps.
func newFixture(t *testing.T, apps ...string) *fixture {
	t.Helper()
	return newFixtureWith(t, clienttest.Options{}, apps...)
}

func newFixtureWith(t *testing.T, opts clienttest.Options, apps ...string) *fixture {
	t.Helper()
	client := clienttest.Start(t, opts)
	f := &fixture{t: t, system: client.System, heroku: client.HerokuFake, apps: apps, herokuPauses: client.HerokuPauses}
	f.addPostFunction()
	wait := client.Wait
	client.Wait = func(ctx context.Context, d time.Duration) error {
		f.waited.Add(int64(d))
		return wait(ctx, d)
	}
	f.Rotator = &rotation.Rotator{
		Connector: client.Connector,
		Secrets:   secretsmanager.NewFromConfig(client.System.AWS.Config()), Secret: stack.LocalSigningKey, MaxParallel: 1,
	}
	for _, app := range apps {
		f.heroku.AddApp(herokufake.App{Name: app})
		_, err := f.Connector.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
		localtest.Must(t, err)
	}
	return f
}

// addPostFunction routes Heroku's POSTs to a second instance of the drains function, which caches keys by the system's clock. Its cache is not
// refreshed by PUTs: in Lambda, they may reach another instance as well.
func (f *fixture) addPostFunction() {
	const name = "heroku-drains-post"
	environment := stack.DefaultDrainsEnvironment()
	environment.StorageFunction, environment.SigningKey = stack.LocalStorageFunction, stack.LocalSigningKey
	environment.DeadLetterQueueARN = "arn:aws:sqs:us-east-1:000000000000:" + stack.LocalDeadLetterQueue
	handler, err := drainsfunction.New(environment, f.system.AWS.ConfigFor(name), slog.New(slog.DiscardHandler),
		drainsfunction.Options{Now: f.system.AWS.Now})
	localtest.Must(f.t, err)
	_, err = f.system.AWS.AddFunction(awslocal.Function{
		Name: name, AccessKeyID: name, Timeout: stack.DrainsTimeout, MemoryMB: stack.DrainsMemoryMB,
		Handler: local.InProcess(handler.Handle),
	})
	localtest.Must(f.t, err)
	routes := local.Routes(stack.Routes())
	for i := range routes {
		if routes[i].Key == stack.RoutePost {
			routes[i].Function = name
		}
	}
	localtest.Must(f.t, f.system.AWS.SetRoutes(routes))
}

// ourURLs returns the URLs of an app's drains at Heroku that lead to this system.
func (f *fixture) ourURLs(app string) []string {
	var urls []string
	for _, d := range f.heroku.Drains(app) {
		if strings.Contains(d.URL, "/drains/"+app) {
			urls = append(urls, d.URL)
		}
	}
	return urls
}

// currentURLs returns the drain URLs of the apps with the current key's passwords.
func (f *fixture) currentURLs() map[string]string {
	f.t.Helper()
	urls := map[string]string{}
	for _, app := range f.apps {
		d, _, err := f.Connector.API.Put(f.t.Context(), app, drain.Patch{})
		localtest.Must(f.t, err)
		urls[app] = d.DrainURL
	}
	return urls
}

// wantCurrent checks that Heroku sends to the current drain URLs, and to no others of this system.
func (f *fixture) wantCurrent() {
	f.t.Helper()
	for app, url := range f.currentURLs() {
		if ours := f.ourURLs(app); !slices.Equal(ours, []string{url}) {
			f.t.Errorf("%s has %d drains of ours at Heroku, want only the current one; it is among them: %t", app, len(ours), slices.Contains(ours, url))
		}
	}
}

// keys returns the version IDs of the current and the previous key.
func (f *fixture) keys() (current, previous string) {
	f.t.Helper()
	found, err := f.Secrets.DescribeSecret(f.t.Context(), &secretsmanager.DescribeSecretInput{SecretId: aws.String(stack.LocalSigningKey)})
	localtest.Must(f.t, err)
	for id, stages := range found.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			current = id
		}
		if slices.Contains(stages, "AWSPREVIOUS") {
			previous = id
		}
	}
	return current, previous
}

// rotate rotates without options, and requires that no app is left.
func (f *fixture) rotate() rotation.Result {
	f.t.Helper()
	result, err := f.Rotate(f.t.Context(), rotation.Options{}, &progress{})
	localtest.Must(f.t, err)
	if left := result.Left(); left > 0 {
		f.t.Fatalf("%d apps are left: %v", left, result.Apps)
	}
	return result
}

// preview returns what a rotation would do.
func (f *fixture) preview(opts rotation.Options) rotation.Result {
	f.t.Helper()
	result, err := f.Preview(f.t.Context(), opts, &progress{})
	localtest.Must(f.t, err)
	return result
}

// progress records what a Rotator tells it.
type progress struct {
	mu    sync.Mutex
	steps []string
	total int
	items []string

	counts func(least time.Duration) // nil, or called by Count
}

func (p *progress) Step(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps = append(p.steps, fmt.Sprintf(format, args...))
}

func (p *progress) Tally(string, int, func(int) time.Duration) {}

func (p *progress) Tick() {}

func (p *progress) Count(title string, total int, least func(int) time.Duration) {
	p.Step("%s", title)
	if p.counts != nil {
		p.counts(least(total))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.items = total, nil
}

func (p *progress) Did(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = append(p.items, fmt.Sprintf(format, args...))
}

func states(apps []rotation.App) map[string]rotation.State {
	found := map[string]rotation.State{}
	for _, app := range apps {
		found[app.Name] = app.State
	}
	return found
}

// password returns the password of a drain URL, which nothing may show.
func password(t *testing.T, drainURL string) string {
	t.Helper()
	u, err := url.Parse(drainURL)
	localtest.Must(t, err)
	secret, _ := u.User.Password()
	if len(secret) != 32 {
		t.Fatal("the drain URL has no password of 32 characters")
	}
	return secret
}
