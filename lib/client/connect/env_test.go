package connect_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/stack"
)

// transit is how long mappings are in transit: long enough that a Put has to wait for them.
const transit = 2 * time.Second

// world is a whole system and a Heroku, and a Connector between them whose waits move the system's clock instead of taking time.
type world struct {
	*connect.Connector
	t      *testing.T
	system *local.System
	heroku *herokufake.Server
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, herokufake.Options{})
}

func newWorldWith(t *testing.T, options herokufake.Options) *world {
	t.Helper()
	system, err := local.Start(t.Context(), local.Options{TransitionTime: transit})
	must(t, err)
	t.Cleanup(func() { must(t, system.Close()) })
	fake := herokufake.Start(options)
	t.Cleanup(fake.Close)
	wait := func(ctx context.Context, d time.Duration) error {
		system.AWS.Advance(d)
		return context.Cause(ctx)
	}
	config := system.AWS.Config()
	api, err := apiclient.New(apiclient.Config{
		URL: system.AWS.APIURL(), Region: config.Region, Credentials: config.Credentials,
		Backoff: retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil }),
	})
	must(t, err)
	client, err := heroku.New(heroku.Config{URL: fake.URL(), Key: herokufake.DefaultKey, Pause: wait})
	must(t, err)
	return &world{
		Connector: &connect.Connector{
			API: api, APIURL: system.AWS.APIURL(), Heroku: client, Logs: patientLogs{cloudwatchlogs.NewFromConfig(config)}, Wait: wait,
		},
		t: t, system: system, heroku: fake,
	}
}

// app makes an app at Heroku that has an add-on's drain and somebody else's.
func (w *world) app(name string) string {
	w.heroku.AddApp(herokufake.App{Name: name})
	for _, d := range others(name) {
		w.heroku.AddDrain(name, d)
	}
	return name
}

func others(app string) []herokufake.Drain {
	return []herokufake.Drain{
		{ID: app + "-addon", Token: "d.1", URL: "https://in.logs.example.com/addon", AddOn: "logs-flat-12345"},
		{ID: app + "-other", Token: "d.2", URL: "syslog+tls://logs.example.com:6514"},
	}
}

// stale gives an app a drain of ours with a password that is not good.
func (w *world) stale(app string) {
	u, err := url.Parse(w.system.AWS.APIURL())
	must(w.t, err)
	u.User, u.Path = url.UserPassword(app, "an-older-password"), "/drains/"+app
	w.heroku.AddDrain(app, herokufake.Drain{URL: u.String()})
}

// stream gives an app a log stream and no more, as a Delete leaves it that keeps the logs.
func (w *world) stream(app string) {
	_, err := cloudwatchlogs.NewFromConfig(w.system.AWS.Config()).CreateLogStream(w.t.Context(), &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String("[APP]" + app),
	})
	must(w.t, err)
}

// awsOnly gives an app the AWS side of a drain.
func (w *world) awsOnly(app string) {
	d, _, err := w.PutAWS(w.t.Context(), app, drain.Patch{})
	must(w.t, err)
	_, err = w.AwaitActive(w.t.Context(), d)
	must(w.t, err)
}

// goodToo gives an app that has drains of ours at Heroku already the right one beside them.
func (w *world) goodToo(app string) {
	w.awsOnly(app)
	d, _, err := w.PutAWS(w.t.Context(), app, drain.Patch{})
	must(w.t, err)
	w.heroku.AddDrain(app, herokufake.Drain{URL: d.DrainURL})
}

// ours are the drains of an app at Heroku but those of others, which have to be as they were.
func (w *world) ours(app string) []herokufake.Drain {
	w.t.Helper()
	var ours []herokufake.Drain
	seen := 0
	for _, d := range w.heroku.Drains(app) {
		if strings.HasPrefix(d.ID, app) {
			seen++
		} else {
			ours = append(ours, d)
		}
	}
	if seen != len(others(app)) {
		w.t.Errorf("%s has %d of the others' drains left, want %d", app, seen, len(others(app)))
	}
	return ours
}

// wantWhole checks that there is one drain, on both sides, whose lines are stored.
func (w *world) wantWhole(app string) {
	w.t.Helper()
	d, _, err := w.API.Put(w.t.Context(), app, drain.Patch{})
	must(w.t, err)
	if d.State != drain.Active || d.LogStream == "" || d.Queue == nil || d.EventSource == nil {
		w.t.Errorf("the AWS side of %s is not whole: %+v", app, d.State)
	}
	ours := w.ours(app)
	if len(ours) != 1 || ours[0].URL != d.DrainURL {
		w.t.Errorf("%s has %d drains at Heroku", app, len(ours))
	}
}

// wantBothOrNeither checks that Heroku sends exactly if AWS is there to take it.
func (w *world) wantBothOrNeither(app string) {
	w.t.Helper()
	conn, err := w.Inspect(w.t.Context(), app)
	switch {
	case connect.IsNotFound(err):
	case err != nil:
		w.t.Error(err)
	case (conn.Queue != nil) != (conn.Heroku.State == connect.Present):
		w.t.Errorf("%s is %s on AWS, and %s at Heroku", app, conn.State, conn.Heroku.State)
	}
}

// wantNone checks that there is nothing on either side.
func (w *world) wantNone(app string) {
	w.t.Helper()
	d, err := w.API.Get(w.t.Context(), app)
	if !connect.IsNotFound(err) && d.State != drain.Deleting {
		w.t.Errorf("%s has an AWS side: %v, %v", app, d.State, err)
	}
	if ours := w.ours(app); len(ours) > 0 {
		w.t.Errorf("%s has %d drains at Heroku", app, len(ours))
	}
}

func (w *world) put(app string) connect.Connected {
	w.t.Helper()
	made, err := w.Put(w.t.Context(), app, connect.PutOptions{})
	must(w.t, err)
	return made
}

// delete takes an app apart, unless there is nothing of it.
func (w *world) delete(app string, opts connect.DeleteOptions) {
	w.t.Helper()
	conn, err := w.Find(w.t.Context(), app)
	if connect.IsNotFound(err) {
		return
	}
	must(w.t, err)
	_, err = w.Delete(w.t.Context(), conn, opts)
	must(w.t, err)
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
