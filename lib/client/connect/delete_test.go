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
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// send sends lines to a drain as Heroku does.
func (f *fixture) send(drainURL string, lines int) {
	f.t.Helper()
	sender, err := delivery.NewSender(drainURL, "d.test")
	localtest.Must(f.t, err)
	generator := simulate.New("shop", 1)
	for range lines {
		r, err := sender.Send(f.t.Context(), generator.Batch(time.Now(), 1, delivery.MaxBytes))
		if err != nil || r.Lost {
			f.t.Fatalf("a line was lost: %+v, %v", r, err)
		}
	}
}

// lines returns the number of an app's stored lines.
func (f *fixture) lines(app string) int {
	f.t.Helper()
	return len(localtest.StoredLines(f.t, f.System.AWS, app))
}

// TestDeleteStoresWhatHerokuSentLast sends lines until Heroku has removed its drain. CloudWatch Logs fails at first.
func TestDeleteStoresWhatHerokuSentLast(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	made, err := f.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	f.System.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Times: 2, Status: 500, Code: "ServiceUnavailableException"})
	f.HerokuFake.Inject(herokufake.Fault{Route: removeRoute, Before: func() { f.send(made.DrainURL, 20) }})
	f.awaitFunctions(app)
	f.delete(app, connect.DeleteOptions{KeepLogs: true})
	if n := f.lines(app); n != 20 {
		t.Errorf("%d of 20 lines are stored", n)
	}
	if d, err := f.API.Get(t.Context(), app); err != nil || d.Queue != nil || d.LogStream == "" {
		t.Errorf("left on AWS is %+v, %v", d, err)
	}
}

// putStuck connects an app whose drain accepts lines but does not store them.
func (f *fixture) putStuck(app string) {
	made, err := f.Put(f.t.Context(), f.AddApp(app), connect.PutOptions{SkipVerify: true})
	localtest.Must(f.t, err)
	client := lambda.NewFromConfig(f.System.AWS.Config())
	_, err = client.UpdateEventSourceMapping(f.t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &made.EventSource.UUID, Enabled: aws.Bool(false),
	})
	localtest.Must(f.t, err)
	f.System.AWS.Advance(transit)
	f.send(made.DrainURL, 3)
}

func TestDeleteLosesNothingWithoutForce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.putStuck("shop")
	conn, err := f.Find(t.Context(), "shop")
	localtest.Must(t, err)
	_, err = f.Delete(t.Context(), conn, connect.DeleteOptions{})
	wantFailure(t, "shop", err, nil,
		"Heroku no longer sends to the drain, but its AWS side still exists; to continue, run "+commandOf("delete", "shop")+"; to connect it again, "+commandOf("put", "shop"))
	want := "3 messages in the queue, and nothing stores them because the drain is disabled; to repair a drain that does not store, run " + commandOf("put", "shop") + "; to delete it anyway, `heroku-drains-cli delete -a shop --force`"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("error %q lacks %q", err, want)
	}
	if ours := f.OurDrains("shop"); len(ours) > 0 {
		t.Error("Heroku still sends to the drain")
	}
	f.delete("shop", connect.DeleteOptions{Force: true})
	f.CheckGone("shop")
}

func TestPutAfterAFailedDeleteLosesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.putStuck("shop")
	conn, err := f.Find(t.Context(), "shop")
	localtest.Must(t, err)
	if _, err := f.Delete(t.Context(), conn, connect.DeleteOptions{}); err == nil {
		t.Fatal("Delete succeeded, want an error")
	}
	f.put("shop")
	f.CheckConnected("shop")
	f.delete("shop", connect.DeleteOptions{KeepLogs: true})
	if n := f.lines("shop"); n != 4 { // including the test line
		t.Errorf("%d lines are stored, want 4", n)
	}
}

func TestDeleteOfAnAppThatNoLongerExists(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.createAWSSide("gone")
	conn, err := f.Find(t.Context(), "gone")
	localtest.Must(t, err)
	if conn.Heroku.State != connect.NoApp {
		t.Errorf("Heroku state %s, want no app", conn.Heroku.State)
	}
	if _, err := f.Delete(t.Context(), conn, connect.DeleteOptions{}); !errors.Is(err, connect.ErrMissingApp) {
		t.Errorf("error %v, want that the app may be another account's", err)
	}
	if d, err := f.API.Get(t.Context(), "gone"); err != nil || d.State != drain.Active {
		t.Errorf("the drain is %s, %v, want it unchanged", d.State, err)
	}
	_, err = f.Delete(t.Context(), conn, connect.DeleteOptions{MissingApps: true})
	localtest.Must(t, err)
	if _, err := f.API.Get(t.Context(), "gone"); !connect.IsNotFound(err) {
		if d, _ := f.API.Get(t.Context(), "gone"); d.State != drain.Deleting {
			t.Errorf("the drain is %s, %v, want it deleted", d.State, err)
		}
	}
}

func TestDeleteAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	var apps []heroku.App
	for i := range 12 {
		app := f.AddApp(fmt.Sprintf("app-%d", i))
		apps = append(apps, heroku.App{Name: app})
		switch i % 3 {
		case 0:
			_, err := f.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
			localtest.Must(t, err)
		case 1:
			f.createAWSSide(app)
		case 2:
			f.AddStaleDrain(app)
		}
	}
	f.putStuck("stuck")
	found, err := f.List(t.Context(), append(apps, heroku.App{Name: "stuck"}))
	localtest.Must(t, err)
	var left []string
	for _, r := range f.DeleteAll(t.Context(), found, connect.DeleteOptions{}) {
		if r.Err != nil {
			left = append(left, r.App)
		}
	}
	if diff := cmp.Diff([]string{"stuck"}, left); diff != "" {
		t.Errorf("apps with errors (-want +got):\n%s", diff)
	}
	for _, app := range apps {
		f.CheckGone(app.Name)
	}
	again, err := f.List(t.Context(), apps)
	localtest.Must(t, err)
	again = slices.DeleteFunc(again, func(conn connect.Connection) bool { return conn.State == drain.Deleting })
	if len(again) != 1 || again[0].App != "stuck" {
		t.Errorf("%d drains are left, want the one that is stuck", len(again))
	}
}

func TestDeleteAllStopsWithItsContext(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.createAWSSide("shop")
	found, err := f.List(t.Context(), nil)
	localtest.Must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	removed := f.DeleteAll(ctx, found, connect.DeleteOptions{})
	if len(removed) != 1 || removed[0].App != "shop" || !errors.Is(removed[0].Err, context.Canceled) {
		t.Errorf("%+v", removed)
	}
	if d, err := f.API.Get(t.Context(), "shop"); err != nil || d.State != drain.Active {
		t.Errorf("%s, %v", d.State, err)
	}
}
