package connect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// send sends an app's drain lines as Heroku does.
func (e *env) send(drainURL string, lines int) {
	e.t.Helper()
	sender, err := delivery.NewSender(drainURL, "d.test")
	localtest.Must(e.t, err)
	generator := simulate.New("shop", 1)
	for range lines {
		r, err := sender.Send(e.t.Context(), generator.Batch(time.Now(), 1, delivery.MaxBytes))
		if err != nil || r.Lost {
			e.t.Fatalf("a line is lost: %+v, %v", r, err)
		}
	}
}

// lines returns the number of an app's stored lines.
func (e *env) lines(app string) int {
	e.t.Helper()
	return len(localtest.StoredLines(e.t, e.System.AWS, app))
}

// TestDeleteStoresWhatHerokuSentLast sends lines until Heroku has removed its drain, which go into a slow log stream.
func TestDeleteStoresWhatHerokuSentLast(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	app := e.AddApp("shop")
	made, err := e.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	e.System.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Times: 2, Status: 500, Code: "ServiceUnavailableException"})
	e.HerokuFake.Inject(herokufake.Fault{Route: removeRoute, Before: func() { e.send(made.DrainURL, 20) }})
	e.Wait = func(ctx context.Context, d time.Duration) error { // the functions have as much time as they need
		if e.System.AWS.Advance(d); e.lines(app) == 20 {
			return ctx.Err()
		}
		select {
		case <-time.After(10 * time.Millisecond):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	e.delete(app, connect.DeleteOptions{KeepLogs: true})
	if n := e.lines(app); n != 20 {
		t.Errorf("%d of 20 lines are stored", n)
	}
	if d, err := e.API.Get(t.Context(), app); err != nil || d.Queue != nil || d.LogStream == "" {
		t.Errorf("left on AWS is %+v, %v", d, err)
	}
}

// stuck gives an app a drain that stores nothing of what it has taken.
func (e *env) stuck(app string) {
	made, err := e.Put(e.t.Context(), e.AddApp(app), connect.PutOptions{SkipVerify: true})
	localtest.Must(e.t, err)
	client := lambda.NewFromConfig(e.System.AWS.Config())
	_, err = client.UpdateEventSourceMapping(e.t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &made.EventSource.UUID, Enabled: aws.Bool(false),
	})
	localtest.Must(e.t, err)
	e.System.AWS.Advance(transit)
	e.send(made.DrainURL, 3)
}

func TestDeleteLosesNothingUnasked(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	e.stuck("shop")
	conn, err := e.Find(t.Context(), "shop")
	localtest.Must(t, err)
	_, err = e.Delete(t.Context(), conn, connect.DeleteOptions{})
	wantFailure(t, "shop", err, nil,
		"Heroku no longer sends to it, but its AWS side still exists; run the same delete again to continue, or put to connect it again")
	want := "3 messages in its queue, and nothing stores them because the drain is disabled; `put -a shop` repairs"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("error %q lacks %q", err, want)
	}
	if ours := e.OurDrains("shop"); len(ours) > 0 {
		t.Error("Heroku still sends")
	}
	e.delete("shop", connect.DeleteOptions{Force: true})
	e.CheckGone("shop")
}

func TestAPutAfterADeleteThatFailedLosesNothing(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	e.stuck("shop")
	conn, err := e.Find(t.Context(), "shop")
	localtest.Must(t, err)
	if _, err := e.Delete(t.Context(), conn, connect.DeleteOptions{}); err == nil {
		t.Fatal("no failure")
	}
	e.put("shop")
	e.CheckConnected("shop")
	e.delete("shop", connect.DeleteOptions{KeepLogs: true})
	if n := e.lines("shop"); n != 4 { // with the test line
		t.Errorf("%d lines are stored, want 4", n)
	}
}

func TestDeleteOfAnAppThatIsGoneFromHeroku(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	e.createAWSSide("gone")
	conn, err := e.Find(t.Context(), "gone")
	localtest.Must(t, err)
	if conn.Heroku.State != connect.NoApp {
		t.Errorf("at Heroku: %s", conn.Heroku.State)
	}
	_, err = e.Delete(t.Context(), conn, connect.DeleteOptions{})
	localtest.Must(t, err)
	if _, err := e.API.Get(t.Context(), "gone"); !connect.IsNotFound(err) {
		if d, _ := e.API.Get(t.Context(), "gone"); d.State != drain.Deleting {
			t.Errorf("still there: %s, %v", d.State, err)
		}
	}
}

func TestDeleteAll(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	var apps []heroku.App
	for i := range 12 {
		app := e.AddApp(fmt.Sprintf("app-%d", i))
		apps = append(apps, heroku.App{Name: app})
		switch i % 3 {
		case 0:
			_, err := e.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
			localtest.Must(t, err)
		case 1:
			e.createAWSSide(app)
		case 2:
			e.AddStaleDrain(app)
		}
	}
	e.stuck("stuck")
	found, err := e.List(t.Context(), append(apps, heroku.App{Name: "stuck"}))
	localtest.Must(t, err)
	var left []string
	for _, r := range e.DeleteAll(t.Context(), found, connect.DeleteOptions{}) {
		if r.Err != nil {
			left = append(left, r.App)
		}
	}
	if diff := cmp.Diff([]string{"stuck"}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	for _, app := range apps {
		e.CheckGone(app.Name)
	}
	again, err := e.List(t.Context(), apps)
	localtest.Must(t, err)
	again = slices.DeleteFunc(again, func(conn connect.Connection) bool { return conn.State == drain.Deleting })
	if len(again) != 1 || again[0].App != "stuck" {
		t.Errorf("%d drains are left, want the one that is stuck", len(again))
	}
}

func TestDeleteAllStopsWithItsContext(t *testing.T) {
	e := newEnv(t, herokufake.Options{})
	e.createAWSSide("shop")
	found, err := e.List(t.Context(), nil)
	localtest.Must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	removed := e.DeleteAll(ctx, found, connect.DeleteOptions{})
	if len(removed) != 1 || removed[0].App != "shop" || !errors.Is(removed[0].Err, context.Canceled) {
		t.Errorf("%+v", removed)
	}
	if d, err := e.API.Get(t.Context(), "shop"); err != nil || d.State != drain.Active {
		t.Errorf("%s, %v", d.State, err)
	}
}
