package connect_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

func TestPutStoresATestLine(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for app, settings := range map[string]drain.Patch{
		"text": {Format: new("text")}, "json": {Format: new("json")}, "slow": {BatchSize: new(100), BatchWindowSeconds: new(1)},
	} {
		f.AddApp(app)
		made, err := f.Put(t.Context(), app, connect.PutOptions{Change: settings})
		localtest.Must(t, err)
		if made.Latency <= 0 {
			t.Errorf("%s: latency %s", app, made.Latency)
		}
		out, err := f.Logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: &made.LogGroup, LogStreamNames: []string{made.LogStream},
		})
		localtest.Must(t, err)
		if len(out.Events) != 1 {
			t.Fatalf("%s: %d lines are stored", app, len(out.Events))
		}
		for _, want := range map[string][]string{
			"text": {"heroku-drains[verify]: test line "}, "slow": {"heroku-drains[verify]: test line "},
			"json": {`"source":"heroku-drains"`, `"process":"verify"`, `"message":"test line `},
		}[app] {
			if !strings.Contains(*out.Events[0].Message, want) {
				t.Errorf("%s: the stored line %s lacks %s", app, *out.Events[0].Message, want)
			}
		}
	}
}

func TestVerifyWhenTheEndpointRefuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusUnauthorized:        "answered a test line with 401: it rejects the password",
		http.StatusForbidden:           "answered a test line with 403: something in front of the API",
		http.StatusNotFound:            "answered a test line with 404: the drain's queue was deleted",
		http.StatusServiceUnavailable:  "answered a test line with 503; see the log of the drains function",
		http.StatusInternalServerError: "answered a test line with 500; see the log of the drains function",
	} {
		f := newFixture(t, herokufake.Options{})
		app := f.AddApp("shop")
		f.System.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Status: status})
		_, err := f.Put(t.Context(), app, connect.PutOptions{})
		wantFailure(t, app, err, nil, "the drain exists on both sides but is not verified; to verify it, run "+commandOf("put", app))
		wantVerifyError(t, err, connect.VerifyError{Status: status}, want)
		f.CheckConnected(app)
	}
}

func TestVerifyWaitsForANewQueue(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.System.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Times: 2, Status: http.StatusNotFound})
	f.put(f.AddApp("shop"))
	f.CheckConnected("shop")
}

func TestPutKeepsAnOldDrainUntilTheNewOneIsVerified(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.AddStaleDrain(app)
	remove := f.System.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Status: http.StatusUnauthorized})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantFailure(t, app, err, nil, "the drain exists on both sides but is not verified; to verify it, run "+commandOf("put", app)+
		", and an outdated log drain is still at Heroku; the same command removes it")
	if ours := f.OurDrains(app); len(ours) != 2 {
		t.Errorf("%d drains of ours at Heroku, want the old one and the new one", len(ours))
	}
	remove()
	f.put(app)
	f.CheckConnected(app)
}

func TestVerifyWhenTheEndpointDoesNotAnswer(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.System.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Drop: awslocal.DropBefore})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantVerifyError(t, err, connect.VerifyError{}, "the drain's endpoint did not respond to a test line: ")
}

func TestVerifyWhenTheLineIsNotStored(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.AddStaleDrain(app)
	f.DeadLetters = func(_ context.Context, app string) (int, error) { return len(app), nil }
	f.System.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Status: 500, Code: "ServiceUnavailableException"})
	ctx := timeLimit{t.Context(), make(chan struct{})}
	f.Logs = lastRead{f.Logs, ctx.up}
	_, err := f.Put(ctx, app, connect.PutOptions{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	wantVerifyError(t, err, connect.VerifyError{Accepted: true},
		"the drain's endpoint accepted a test line, but the line did not reach the log stream: context deadline exceeded (", " waiting in the queue, ", " being stored, the event source mapping is Enabled",
		", dead letters of the app: 4)")
}

func TestVerifyHasTheTimeThatIsLeft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	d, _, err := f.PutAWS(t.Context(), app, drain.Patch{})
	localtest.Must(t, err)
	end := time.Now().Add(time.Hour)
	limited, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	for name, test := range map[string]struct {
		ctx      context.Context
		from, to time.Time
	}{
		"a deadline": {limited, end, end}, "none": {t.Context(), time.Now(), time.Now().Add(30 * time.Minute)},
	} {
		c := *f.Connector
		read := &deadlines{Logs: f.Logs}
		c.Logs = read
		_, err := c.Verify(test.ctx, d)
		localtest.Must(t, err)
		for _, until := range read.all {
			if until.Before(test.from) || until.After(test.to) {
				t.Errorf("%s: the wait for the line ends at %s, want %s to %s", name, until, test.from, test.to)
			}
		}
		if len(read.all) == 0 {
			t.Errorf("%s: the stream was not read", name)
		}
	}
}

// deadlines notes until when each read may take.
type deadlines struct {
	connect.Logs
	all []time.Time
}

func (l *deadlines) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	until, _ := ctx.Deadline()
	l.all = append(l.all, until)
	return l.Logs.FilterLogEvents(ctx, in, opts...)
}

func TestALocalSystemsLogIsItsOutput(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.Output = "the output of 'local'"
	f.System.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Status: http.StatusInternalServerError})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantVerifyError(t, err, connect.VerifyError{Status: 500}, "answered a test line with 500; see the output of 'local'")
}

// A test line may take as long as the drain's batch window, however little time an app's work may take otherwise.
func TestVerifyWaitsForTheBatchWindow(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	d, _, err := f.PutAWS(t.Context(), app, drain.Patch{})
	localtest.Must(t, err)
	d.Settings.BatchWindowSeconds = 300
	c := *f.Connector
	ctx, cancel := deadline.Limit(t.Context(), time.Second)
	defer cancel()
	passed, stop := context.WithTimeout(t.Context(), 1025*time.Millisecond)
	defer stop()
	c.Logs = delayedRead{f.Logs, passed.Done()}
	_, err = c.Verify(ctx, d)
	localtest.Must(t, err)
}

// delayedRead waits before each read.
type delayedRead struct {
	connect.Logs
	until <-chan struct{}
}

func (l delayedRead) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	<-l.until
	return l.Logs.FilterLogEvents(ctx, in, opts...)
}

// timeLimit is a context whose deadline passes when up is closed.
type timeLimit struct {
	context.Context
	up chan struct{}
}

func (l timeLimit) Done() <-chan struct{} { return l.up }

func (l timeLimit) Err() error {
	select {
	case <-l.up:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// lastRead lets the deadline pass at the first read.
type lastRead struct {
	connect.Logs
	up chan struct{}
}

func (l lastRead) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	close(l.up)
	return l.Logs.FilterLogEvents(ctx, in, opts...)
}

func TestVerifyWhenTheLogStreamCannotBeRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.AddStaleDrain(app)
	f.System.AWS.Inject(awslocal.Fault{
		Service: "logs", Operation: "FilterLogEvents", Status: 400, Code: "AccessDeniedException", Message: "not you",
	})
	_, err := f.Put(t.Context(), app, connect.PutOptions{})
	wantFailure(t, app, err, nil, "the drain stays on both sides; to verify it, run "+commandOf("put", app))
	wantVerifyError(t, err, connect.VerifyError{Accepted: true}, "accepted a test line", "read the log stream: ", "AccessDeniedException: not you")
	f.CheckConnected(app) // the endpoint accepted the new password, so the old drain was removed
}

func wantVerifyError(t *testing.T, err error, want connect.VerifyError, texts ...string) {
	t.Helper()
	v, ok := errors.AsType[*connect.VerifyError](err)
	if !ok {
		t.Fatalf("error %v, want a VerifyError", err)
	}
	if v.Accepted != want.Accepted || v.Status != want.Status {
		t.Errorf("accepted %t, status %d; want %t, %d", v.Accepted, v.Status, want.Accepted, want.Status)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q lacks %q", err, text)
		}
	}
}
