// Package clienttest is the harness of tests of the client side: a local system, a fake Heroku, and a connect.Connector between the two.
package clienttest

import (
	"context"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// API returns a client of a system's drains API that waits between tries as the CLI does.
func API(t testing.TB, server *awslocal.Server) *apiclient.Client {
	t.Helper()
	return newAPI(t, server, nil)
}

func newAPI(t testing.TB, server *awslocal.Server, backoff retry.BackoffDelayer) *apiclient.Client {
	t.Helper()
	config := server.Config()
	api, err := apiclient.New(apiclient.Config{
		URL: server.APIURL(), Region: config.Region, Credentials: config.Credentials, Backoff: backoff,
	})
	localtest.Must(t, err)
	return api
}

// Options configure a Fixture. The zero value is a system and a Heroku as users have them: with a lag as AWS has it.
type Options struct {
	System local.Options
	Heroku herokufake.Options
}

// Fixture is a system, a fake Heroku, and a Connector between them. Nothing waits in real time: waits advance the system's clock.
type Fixture struct {
	*connect.Connector
	System     *local.System
	HerokuFake *herokufake.Server
	// HerokuPauses is how long the Connector's client of Heroku's API has paused, in nanoseconds: the fake's clock.
	HerokuPauses *atomic.Int64

	t      testing.TB
	others map[string][]herokufake.Drain // by app
}

// Start starts a Fixture without apps and closes it at the end of the test.
func Start(t testing.TB, opts Options) *Fixture {
	t.Helper()
	if opts.System.Lag == (awslocal.Lag{}) {
		opts.System.Lag = awslocal.LagOfAWS()
		opts.System.Lag.QueueList, opts.System.Lag.MappingList = 0, 0 // tests list drains at once
	}
	system := localtest.Start(t, opts.System)
	// Heroku adds tokens only for the time that its client pauses: other waits pass at once, and those of apps at the same time would add up.
	began, paused := time.Now(), new(atomic.Int64)
	opts.Heroku.Now = func() time.Time { return began.Add(time.Duration(paused.Load())) }
	fake, err := herokufake.Start(opts.Heroku)
	localtest.Must(t, err)
	t.Cleanup(fake.Close)
	wait := localtest.AdvanceInsteadOfWaiting(system.AWS)
	pause := func(ctx context.Context, d time.Duration) error {
		paused.Add(int64(d))
		return wait(ctx, d)
	}
	key := opts.Heroku.Key
	if key == "" {
		key = herokufake.DefaultKey
	}
	client, err := heroku.New(heroku.Config{URL: fake.URL(), Key: key, Pause: pause})
	localtest.Must(t, err)
	return &Fixture{
		Connector: &connect.Connector{
			API:    newAPI(t, system.AWS, retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })),
			APIURL: system.AWS.APIURL(),
			Heroku: client,
			Logs:   arrivals{cloudwatchlogs.NewFromConfig(system.AWS.Config())},
			Wait:   wait,
		},
		System: system, HerokuFake: fake, HerokuPauses: paused, t: t, others: map[string][]herokufake.Drain{},
	}
}

// AddApp adds an app to Heroku that has two log drains to other destinations: an add-on's and one that a person added. It returns the app's
// name.
func (f *Fixture) AddApp(app string) string {
	f.t.Helper()
	f.HerokuFake.AddApp(herokufake.App{Name: app})
	for _, d := range []herokufake.Drain{
		{ID: app + "-addon", Token: "d.1", URL: "https://in.logs.example.com/addon", AddOn: "logs-flat-12345"},
		{ID: app + "-other", Token: "d.2", URL: "syslog+tls://logs.example.com:6514"},
	} {
		f.others[app] = append(f.others[app], f.HerokuFake.AddDrain(app, d))
	}
	return app
}

// AddStaleDrain adds a log drain at Heroku that points to the app's drain with an invalid password.
func (f *Fixture) AddStaleDrain(app string) {
	f.t.Helper()
	u, err := url.Parse(f.APIURL)
	localtest.Must(f.t, err)
	u = u.JoinPath("drains", app)
	u.User = url.UserPassword(app, "an-older-password")
	f.HerokuFake.AddDrain(app, herokufake.Drain{URL: u.String()})
}

// arrivals is a log stream whose reader waits in real time until there is a line: the functions run in real time, and the caller's own waits
// only advance the clock. A query only finds what was stored before it, so after one that found nothing there is a short wait in real time.
type arrivals struct{ connect.Logs }

func (a arrivals) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := a.Logs.FilterLogEvents(ctx, in, opts...)
		if err != nil || len(out.Events) > 0 || in.FilterPattern == nil { // without a pattern, the caller does not wait for a line
			return out, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (a arrivals) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.GetQueryResultsOutput, error) {
	out, err := a.Logs.GetQueryResults(ctx, in, opts...)
	if err == nil && out.Status == types.QueryStatusComplete && len(out.Results) == 0 {
		err = clock.Sleep(ctx, 50*time.Millisecond)
	}
	return out, err
}
