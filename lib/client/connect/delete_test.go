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
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// send sends an app's drain lines as Heroku does.
func (w *world) send(drainURL string, lines int) {
	w.t.Helper()
	sender, err := delivery.NewSender(drainURL, "d.test")
	must(w.t, err)
	generator := simulate.New("shop", 1)
	for range lines {
		r, err := sender.Send(w.t.Context(), generator.Batch(time.Now(), 1, delivery.MaxBytes))
		if err != nil || r.Lost {
			w.t.Fatalf("a line is lost: %+v, %v", r, err)
		}
	}
}

// lines counts an app's stored lines.
func (w *world) lines(app string) int {
	w.t.Helper()
	n := 0
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(cloudwatchlogs.NewFromConfig(w.system.AWS.Config()),
		&cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamNames: []string{"[APP]" + app}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.t.Context())
		must(w.t, err)
		n += len(page.Events)
	}
	return n
}

// TestDeleteStoresWhatHerokuSentLast sends lines until Heroku has removed its drain, which go into a slow log stream.
func TestDeleteStoresWhatHerokuSentLast(t *testing.T) {
	w := newWorld(t)
	app := w.app("shop")
	made, err := w.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	must(t, err)
	w.system.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Times: 2, Status: 500, Code: "ServiceUnavailableException"})
	w.heroku.Inject(herokufake.Fault{Route: removeRoute, Before: func() { w.send(made.DrainURL, 20) }})
	w.Wait = func(ctx context.Context, d time.Duration) error { // the functions have as much time as they need
		if w.system.AWS.Advance(d); w.lines(app) == 20 {
			return ctx.Err()
		}
		select {
		case <-time.After(10 * time.Millisecond):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	w.delete(app, connect.DeleteOptions{KeepLogs: true})
	if n := w.lines(app); n != 20 {
		t.Errorf("%d of 20 lines are stored", n)
	}
	if d, err := w.API.Get(t.Context(), app); err != nil || d.Queue != nil || d.LogStream == "" {
		t.Errorf("left on AWS is %+v, %v", d, err)
	}
}

// stuck gives an app a drain that stores nothing of what it has taken.
func (w *world) stuck(app string) {
	made, err := w.Put(w.t.Context(), w.app(app), connect.PutOptions{SkipVerify: true})
	must(w.t, err)
	client := lambda.NewFromConfig(w.system.AWS.Config())
	_, err = client.UpdateEventSourceMapping(w.t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &made.EventSource.UUID, Enabled: aws.Bool(false),
	})
	must(w.t, err)
	w.system.AWS.Advance(transit)
	w.send(made.DrainURL, 3)
}

func TestDeleteLosesNothingUnasked(t *testing.T) {
	w := newWorld(t)
	w.stuck("shop")
	conn, err := w.Find(t.Context(), "shop")
	must(t, err)
	_, err = w.Delete(t.Context(), conn, connect.DeleteOptions{})
	wantFailure(t, "shop", err, nil,
		"Heroku no longer sends to it, but its AWS side still exists; run the same delete again to continue, or put to connect it again")
	want := "3 messages in its queue, and nothing stores them because the drain is disabled; `put -a shop` repairs"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("error %q lacks %q", err, want)
	}
	if ours := w.ours("shop"); len(ours) > 0 {
		t.Error("Heroku still sends")
	}
	w.delete("shop", connect.DeleteOptions{Force: true})
	w.wantNone("shop")
}

func TestAPutAfterADeleteThatFailedLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.stuck("shop")
	conn, err := w.Find(t.Context(), "shop")
	must(t, err)
	if _, err := w.Delete(t.Context(), conn, connect.DeleteOptions{}); err == nil {
		t.Fatal("no failure")
	}
	w.put("shop")
	w.wantWhole("shop")
	w.delete("shop", connect.DeleteOptions{KeepLogs: true})
	if n := w.lines("shop"); n != 4 { // with the test line
		t.Errorf("%d lines are stored, want 4", n)
	}
}

func TestDeleteOfAnAppThatIsGoneFromHeroku(t *testing.T) {
	w := newWorld(t)
	w.awsOnly("gone")
	conn, err := w.Find(t.Context(), "gone")
	must(t, err)
	if conn.Heroku.State != connect.NoApp {
		t.Errorf("at Heroku: %s", conn.Heroku.State)
	}
	_, err = w.Delete(t.Context(), conn, connect.DeleteOptions{})
	must(t, err)
	if _, err := w.API.Get(t.Context(), "gone"); !connect.IsNotFound(err) {
		if d, _ := w.API.Get(t.Context(), "gone"); d.State != drain.Deleting {
			t.Errorf("still there: %s, %v", d.State, err)
		}
	}
}

func TestDeleteAll(t *testing.T) {
	w := newWorld(t)
	var apps []heroku.App
	for i := range 12 {
		app := w.app(fmt.Sprintf("app-%d", i))
		apps = append(apps, heroku.App{Name: app})
		switch i % 3 {
		case 0:
			_, err := w.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
			must(t, err)
		case 1:
			w.awsOnly(app)
		case 2:
			w.stale(app)
		}
	}
	w.stuck("stuck")
	found, err := w.List(t.Context(), append(apps, heroku.App{Name: "stuck"}))
	must(t, err)
	var left []string
	for _, r := range w.DeleteAll(t.Context(), found, connect.DeleteOptions{}) {
		if r.Err != nil {
			left = append(left, r.App)
		}
	}
	if diff := cmp.Diff([]string{"stuck"}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	for _, app := range apps {
		w.wantNone(app.Name)
	}
	again, err := w.List(t.Context(), apps)
	must(t, err)
	again = slices.DeleteFunc(again, func(conn connect.Connection) bool { return conn.State == drain.Deleting })
	if len(again) != 1 || again[0].App != "stuck" {
		t.Errorf("%d drains are left, want the one that is stuck", len(again))
	}
}

func TestDeleteAllStopsWithItsContext(t *testing.T) {
	w := newWorld(t)
	w.awsOnly("shop")
	found, err := w.List(t.Context(), nil)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	removed := w.DeleteAll(ctx, found, connect.DeleteOptions{})
	if len(removed) != 1 || removed[0].App != "shop" || !errors.Is(removed[0].Err, context.Canceled) {
		t.Errorf("%+v", removed)
	}
	if d, err := w.API.Get(t.Context(), "shop"); err != nil || d.State != drain.Active {
		t.Errorf("%s, %v", d.State, err)
	}
}
