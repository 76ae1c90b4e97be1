package rotation_test

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// world is a whole system, a Heroku, and a Rotator between them whose waits move the system's clock instead of taking time.
type world struct {
	*rotation.Rotator
	t      *testing.T
	system *local.System
	heroku *herokufake.Server
	apps   []string
	waited atomic.Int64 // nanoseconds
}

// newWorld has apps that are connected.
func newWorld(t *testing.T, apps ...string) *world {
	t.Helper()
	system, err := local.Start(t.Context(), local.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, system.Close()) })
	fake := herokufake.Start(herokufake.Options{})
	t.Cleanup(fake.Close)
	w := &world{t: t, system: system, heroku: fake, apps: apps}
	w.clocked()
	config := system.AWS.Config()
	noBackoff := retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
	api, err := apiclient.New(apiclient.Config{
		URL: system.AWS.APIURL(), Region: config.Region, Credentials: config.Credentials, Backoff: noBackoff,
	})
	must(t, err)
	client, err := heroku.New(heroku.Config{URL: fake.URL(), Key: herokufake.DefaultKey, Pause: w.wait})
	must(t, err)
	w.Rotator = &rotation.Rotator{
		Connector: &connect.Connector{
			API: api, APIURL: system.AWS.APIURL(), Heroku: client, Logs: patientLogs{cloudwatchlogs.NewFromConfig(config)}, Wait: w.wait,
		},
		Secrets: secretsmanager.NewFromConfig(config), Secret: stack.LocalSigningKey, Width: 1,
	}
	for _, app := range apps {
		fake.AddApp(herokufake.App{Name: app})
		_, err := w.Connector.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
		must(t, err)
	}
	return w
}

func (w *world) wait(ctx context.Context, d time.Duration) error {
	w.waited.Add(int64(d))
	w.system.AWS.Advance(d)
	return context.Cause(ctx)
}

// clocked gives Heroku's POSTs to another function than PUTs: one whose keys no PUT freshens, as Lambda's many instances have it, and which
// keeps them by the system's clock.
func (w *world) clocked() {
	const name = "heroku-drains-clocked"
	environment := stack.DefaultDrainsEnvironment()
	environment.StorageFunction, environment.SigningKey = stack.LocalStorageFunction, stack.LocalSigningKey
	environment.DeadLetterQueueARN = "arn:aws:sqs:us-east-1:000000000000:" + stack.LocalDeadLetterQueue
	handler, err := drainsfunction.New(environment, w.system.AWS.ConfigFor(name), slog.New(slog.DiscardHandler),
		drainsfunction.Options{Now: w.system.AWS.Now})
	must(w.t, err)
	_, err = w.system.AWS.AddFunction(awslocal.Function{
		Name: name, AccessKeyID: name, Timeout: stack.DrainsTimeout, MemoryMB: stack.DrainsMemoryMB,
		Handler: func(ctx context.Context, payload []byte) ([]byte, error) {
			return lambda.NewHandler(handler.Handle).Invoke(ctx, payload)
		},
	})
	must(w.t, err)
	var routes []awslocal.Route
	for _, r := range stack.Routes() {
		function := stack.LocalDrainsFunction
		if r.Key == stack.RoutePost {
			function = name
		}
		routes = append(routes, awslocal.Route{Key: r.Key, IAM: r.Access == stack.ByIAM, Function: function})
	}
	must(w.t, w.system.AWS.SetRoutes(routes))
}

// ours are the URLs of an app's drains at Heroku that lead here.
func (w *world) ours(app string) []string {
	var urls []string
	for _, d := range w.heroku.Drains(app) {
		if strings.Contains(d.URL, "/drains/"+app) {
			urls = append(urls, d.URL)
		}
	}
	return urls
}

// urls are the drain URLs of the apps under the current key.
func (w *world) urls() map[string]string {
	w.t.Helper()
	urls := map[string]string{}
	for _, app := range w.apps {
		d, _, err := w.Connector.API.Put(w.t.Context(), app, drain.Patch{})
		must(w.t, err)
		urls[app] = d.DrainURL
	}
	return urls
}

// wantCurrent checks that Heroku sends to the current drain URLs, and to no other of ours.
func (w *world) wantCurrent() {
	w.t.Helper()
	for app, url := range w.urls() {
		if ours := w.ours(app); !slices.Equal(ours, []string{url}) {
			w.t.Errorf("%s has %d drains of ours at Heroku; is the current one among them: %t", app, len(ours), slices.Contains(ours, url))
		}
	}
}

// labels are the ids of the current and the previous key.
func (w *world) labels() (current, previous string) {
	w.t.Helper()
	found, err := w.Secrets.DescribeSecret(w.t.Context(), &secretsmanager.DescribeSecretInput{SecretId: aws.String(stack.LocalSigningKey)})
	must(w.t, err)
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

func (w *world) survey() rotation.Survey {
	w.t.Helper()
	s, err := w.Survey(w.t.Context(), "")
	must(w.t, err)
	return s
}

func states(apps []rotation.App) map[string]rotation.State {
	found := map[string]rotation.State{}
	for _, app := range apps {
		found[app.Name] = app.State
	}
	return found
}

// password is what a drain URL must not show.
func password(t *testing.T, drainURL string) string {
	t.Helper()
	u, err := url.Parse(drainURL)
	must(t, err)
	secret, _ := u.User.Password()
	if len(secret) != 32 {
		t.Fatal("the drain URL has no password of 32 characters")
	}
	return secret
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patientLogs finds what is being stored at its first look: the clock does not run away from the functions meanwhile.
type patientLogs struct{ connect.Logs }

func (p patientLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := p.Logs.FilterLogEvents(ctx, in, opts...)
		if err != nil || len(out.Events) > 0 {
			return out, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
