package deadletters_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// fakeDrains is a drains API.
type fakeDrains []drain.Drain

func (f fakeDrains) List(context.Context, ...drain.Detail) ([]drain.Drain, error) { return f, nil }

func (f fakeDrains) Get(_ context.Context, app string) (drain.Drain, error) {
	for _, d := range f {
		if d.App == app {
			return d, nil
		}
	}
	return drain.Drain{}, &drain.Error{Code: drain.NotFound}
}

// silent is a Progress that shows nothing.
type silent struct{}

func (silent) Step(string, ...any)   {}
func (silent) Detail(string, ...any) {}

// redriver returns a Redriver for drains that have a queue.
func (a *account) redriver(waits *int, apps ...string) deadletters.Redriver {
	var drains fakeDrains
	for _, app := range apps {
		drains = append(drains, drain.Drain{App: app, Queue: &drain.Queue{URL: a.targets(app)(deadletters.Letter{App: app})}})
	}
	return deadletters.Redriver{Queue: a.dead, Drains: drains, Wait: a.advance(waits), Progress: silent{}}
}

func (a *account) deleteQueue(app string) {
	a.t.Helper()
	_, err := a.client.DeleteQueue(a.t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(a.targets(app)(deadletters.Letter{App: app}))})
	localtest.Must(a.t, err)
}

func TestRedriveOfAllMovesWhatHasAQueue(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_gone", sealed(t, "gone", "r1"))
	a.addLetters("elsewhere", "not an envelope")
	a.addLetters("APP_shop", sealed(t, "shop", "r2"), sealed(t, "shop", "r3"))
	a.deleteQueue("gone")
	_, err := a.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(a.queue("elsewhere", nil))})
	localtest.Must(t, err)
	waits := 0
	r := a.redriver(&waits, "shop")
	url := r.Drains.(fakeDrains)[0].Queue.URL

	preview, err := r.Preview(t.Context())
	localtest.Must(t, err)
	stuck := []deadletters.Group{{App: "", Count: 1}, {App: "gone", Count: 1}}
	want := deadletters.Preview{Letters: append(stuck, deadletters.Group{App: "shop", Count: 2, Queue: url}), Opened: 4, Total: 4}
	if diff := cmp.Diff(want, preview); diff != "" || a.visible() != "4" {
		t.Errorf("%s letters visible, preview (-want +got):\n%s", a.visible(), diff)
	}

	result, err := r.All(t.Context())
	localtest.Must(t, err)
	if diff := cmp.Diff(deadletters.Result{Moved: 2, Left: 2, Letters: stuck}, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if n := len(a.bodies(url)); n != 2 {
		t.Errorf("the queue of shop has %d messages, want 2", n)
	}
}

// Regions in China have no move tasks.
func TestRedriveWithoutMoveTasks(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T) *account{
		"in China": func(t *testing.T) *account { return newAccountIn(t, "cn-north-1") },
		"where SQS does not know the operation": func(t *testing.T) *account {
			a := newAccount(t)
			for _, operation := range []string{"StartMessageMoveTask", "ListMessageMoveTasks"} {
				a.server.Inject(awslocal.Fault{Service: "sqs", Operation: operation, Status: http.StatusBadRequest, Code: "InvalidAction"})
			}
			return a
		},
		"where only their list exists": func(t *testing.T) *account {
			a := newAccount(t)
			a.server.Inject(awslocal.Fault{
				Service: "sqs", Operation: "StartMessageMoveTask", Status: http.StatusBadRequest, Code: "AWS.SimpleQueueService.UnsupportedOperation",
			})
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := prepare(t)
			a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"))
			a.addLetters("APP_gone", sealed(t, "gone", "r3"))
			a.deleteQueue("gone")
			waits := 0
			r := a.redriver(&waits, "shop")
			result, err := r.All(t.Context())
			localtest.Must(t, err)
			if diff := cmp.Diff(deadletters.Result{Moved: 2, Left: 1, Letters: []deadletters.Group{{App: "gone", Count: 1}}}, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if n := len(a.bodies(r.Drains.(fakeDrains)[0].Queue.URL)); n != 2 {
				t.Errorf("the queue of shop has %d messages, want 2", n)
			}
		})
	}
}

// Another refusal is an error: a caller who may not move must not be told of the Region.
func TestRedriveThatIsDeniedMovesNothing(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"))
	a.server.Inject(awslocal.Fault{Service: "sqs", Operation: "StartMessageMoveTask", Status: http.StatusForbidden, Code: "AccessDenied"})
	waits := 0
	result, err := a.redriver(&waits, "shop").All(t.Context())
	if err == nil || result.Moved > 0 || a.visible() != "1" {
		t.Errorf("result %+v, %v, %s letters visible", result, err, a.visible())
	}
}

func TestRedriveOfAnEmptyQueueStartsNoTask(t *testing.T) {
	a := newAccount(t)
	a.server.OnCall(func(c awslocal.Call) {
		if c.Operation == "StartMessageMoveTask" {
			t.Error("a move task was started")
		}
	})
	waits := 0
	result, err := a.redriver(&waits).All(t.Context())
	if diff := cmp.Diff(deadletters.Result{}, result); diff != "" || err != nil {
		t.Errorf("error %v, result (-want +got):\n%s", err, diff)
	}
}

func TestRedriveOfAnApp(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"))
	a.addLetters("APP_blog", sealed(t, "blog", "r2"))
	waits := 0
	r := a.redriver(&waits, "shop", "blog")
	result, err := r.App(t.Context(), "shop")
	if diff := cmp.Diff(deadletters.Result{Moved: 1, Left: 1}, result); diff != "" || err != nil {
		t.Errorf("error %v, result (-want +got):\n%s", err, diff)
	}
	r.Drains = fakeDrains{{App: "blog"}}
	_, err = r.App(t.Context(), "blog")
	if missing, ok := errors.AsType[*deadletters.NoQueueError](err); !ok || missing.App != "blog" {
		t.Errorf("without a queue: error %v", err)
	}
	if _, err := r.App(t.Context(), "shop"); err == nil || a.visible() != "1" {
		t.Errorf("without a drain: error %v, %s letters visible", err, a.visible())
	}
}

// AWS continues a task only once it has been started.
func TestInterruptedRedriveReportsWhetherAWSContinues(t *testing.T) {
	for operation, want := range map[string]deadletters.Result{
		"ListMessageMoveTasks": {Left: 1},                // before the start: it looks for a running task
		"StartMessageMoveTask": {Left: 1, Running: true}, // as soon as it has started
	} {
		t.Run(operation, func(t *testing.T) {
			a := newAccount(t)
			a.addLetters("APP_shop", sealed(t, "shop", "r1"))
			ctx, cancel := context.WithCancel(t.Context())
			waits := 0
			r := a.redriver(&waits, "shop")
			r.Queue.Client = canceller{SQS: a.client, operation: operation, cancel: cancel}
			result, err := r.All(ctx)
			if diff := cmp.Diff(want, result); diff != "" || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, result (-want +got):\n%s", err, diff)
			}
		})
	}
}

// canceller cancels a context after the first call of an operation.
type canceller struct {
	deadletters.SQS
	operation string
	cancel    func()
}

func (c canceller) ListMessageMoveTasks(ctx context.Context, in *sqs.ListMessageMoveTasksInput, opts ...func(*sqs.Options)) (
	*sqs.ListMessageMoveTasksOutput, error) {
	if c.operation == "ListMessageMoveTasks" {
		defer c.cancel()
	}
	return c.SQS.ListMessageMoveTasks(ctx, in, opts...)
}

func (c canceller) StartMessageMoveTask(ctx context.Context, in *sqs.StartMessageMoveTaskInput, opts ...func(*sqs.Options)) (
	*sqs.StartMessageMoveTaskOutput, error) {
	if c.operation == "StartMessageMoveTask" {
		defer c.cancel()
	}
	return c.SQS.StartMessageMoveTask(ctx, in, opts...)
}
