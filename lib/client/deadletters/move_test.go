package deadletters_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// bodies receives all messages of a queue, and returns their bodies.
func (a *account) bodies(url string) []string {
	a.t.Helper()
	var all []string
	for {
		out, err := a.client.ReceiveMessage(a.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		localtest.Must(a.t, err)
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, *m.Body)
		}
	}
}

// targets returns a target function for Move that moves the letters of the given apps.
func (a *account) targets(apps ...string) func(deadletters.Letter) string {
	urls := map[string]string{}
	for _, app := range apps {
		out, err := a.client.GetQueueUrl(a.t.Context(), &sqs.GetQueueUrlInput{QueueName: ptr("APP_" + app)})
		localtest.Must(a.t, err)
		urls[app] = *out.QueueUrl
	}
	return func(l deadletters.Letter) string { return urls[l.App] }
}

func ptr[T any](v T) *T { return &v }

func ignore(int) {}

func TestMoveMovesOnlyAnAppsLetters(t *testing.T) {
	a := newAccount(t)
	var shops []string
	for i := range 13 { // more than one receive returns
		shops = append(shops, sealed(t, "shop", fmt.Sprint(i)))
	}
	shops = append(shops, "not an envelope")
	a.addLetters("APP_shop", shops...)
	a.addLetters("APP_blog", sealed(t, "blog", "r1"), sealed(t, "blog", "r2"))
	var reports []int
	moved, err := a.dead.Move(t.Context(), a.targets("shop"), func(n int) { reports = append(reports, n) })
	localtest.Must(t, err)
	if moved != len(shops) || len(reports) != len(shops) || reports[len(shops)-1] != len(shops) {
		t.Errorf("%d moved, reports %v", moved, reports)
	}
	if n := a.visible(); n != "2" {
		t.Errorf("%s letters are visible, want the 2 of blog", n)
	}
	got := map[string]int{}
	for _, body := range a.bodies(a.queue("APP_shop", nil)) {
		got[body]++
	}
	want := map[string]int{}
	for _, body := range shops {
		want[body]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the queue (-want +got):\n%s", diff)
	}
	if again, err := a.dead.Move(t.Context(), a.targets("shop"), ignore); again != 0 || err != nil {
		t.Errorf("again: %d, %v", again, err)
	}
}

// faultySQS makes calls fail.
type faultySQS struct {
	deadletters.SQS
	send, delete error
	beforeSend   func()
}

func (f faultySQS) SendMessage(ctx context.Context, in *sqs.SendMessageInput, opts ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if f.beforeSend != nil {
		f.beforeSend()
	}
	if f.send != nil {
		return nil, f.send
	}
	return f.SQS.SendMessage(ctx, in, opts...)
}

func (f faultySQS) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, opts ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	if f.delete != nil {
		return nil, f.delete
	}
	return f.SQS.DeleteMessage(ctx, in, opts...)
}

func TestMoveLosesNothing(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		faults            faultySQS
		interrupted       bool
		moved, dead, sent int
		err               error
	}{
		"sending fails":  {faults: faultySQS{send: broken}, dead: 3, err: broken},
		"deleting fails": {faults: faultySQS{delete: broken}, dead: 3, sent: 1, err: broken},
		// The move that has begun is finished.
		"interrupted": {interrupted: true, moved: 1, dead: 2, sent: 1, err: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), sealed(t, "shop", "r3"))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tt.faults.SQS = a.client
			if tt.interrupted {
				tt.faults.beforeSend = cancel
			}
			a.dead.Client = tt.faults
			moved, err := a.dead.Move(ctx, a.targets("shop"), ignore)
			if moved != tt.moved || !errors.Is(err, tt.err) {
				t.Errorf("%d moved, error %v", moved, err)
			}
			if n := a.visible(); n != fmt.Sprint(tt.dead) {
				t.Errorf("%s letters are visible, want %d", n, tt.dead)
			}
			if sent := a.bodies(a.queue("APP_shop", nil)); len(sent) != tt.sent {
				t.Errorf("%d in the queue, want %d", len(sent), tt.sent)
			}
		})
	}
}

func TestMoveToADeletedQueue(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"))
	to := a.targets("shop")
	_, err := a.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(to(deadletters.Letter{App: "shop"}))})
	localtest.Must(t, err)
	_, err = a.dead.Move(t.Context(), to, ignore)
	if _, ok := errors.AsType[*types.QueueDoesNotExist](err); !ok || a.visible() != "1" {
		t.Errorf("error %v, %s letters", err, a.visible())
	}
}

func TestReadPassesBodies(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"), "not an envelope")
	got := map[string]string{}
	_, err := a.dead.Read(t.Context(), 10, func(l deadletters.Letter, content deadletters.Content) error {
		got[l.Header.RequestID] = string(content.Body)
		return nil
	})
	localtest.Must(t, err)
	if diff := cmp.Diff(map[string]string{"r1": "5 hello", "": ""}, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	broken := errors.New("broken")
	_, err = a.dead.Read(t.Context(), 10, func(deadletters.Letter, deadletters.Content) error { return broken })
	if !errors.Is(err, broken) || a.visible() != "2" {
		t.Errorf("error %v, %s letters", err, a.visible())
	}
}

func TestDiscardDeletesOnlyWhatItIsGiven(t *testing.T) {
	a := newAccount(t)
	for i := range 25 { // more than a receive returns
		a.addLetters("APP_shop", sealed(t, "shop", fmt.Sprint("r", i)))
	}
	a.addLetters("APP_blog", "not an envelope")
	found, err := a.dead.List(t.Context(), 100)
	localtest.Must(t, err)
	var wanted []string
	for _, l := range found.Letters {
		if l.Err != nil || l.Header.RequestID == "r7" {
			wanted = append(wanted, l.MessageID)
		}
	}
	seen := map[string]string{}
	discarded, err := a.dead.Discard(t.Context(), append(wanted, "gone"), func(l deadletters.Letter, content deadletters.Content) error {
		seen[l.MessageID] = content.Message
		return nil
	})
	localtest.Must(t, err)
	if len(wanted) != 2 || len(discarded) != 2 || len(seen) != 2 || a.visible() != "24" {
		t.Errorf("wanted %d, discarded %d after %d, %s letters are visible at once", len(wanted), len(discarded), len(seen), a.visible())
	}
	broken := errors.New("broken")
	id := []string{found.Letters[0].MessageID}
	discarded, err = a.dead.Discard(t.Context(), id, func(deadletters.Letter, deadletters.Content) error { return broken })
	if !errors.Is(err, broken) || len(discarded) > 0 || a.visible() != "24" {
		t.Errorf("error %v, discarded %d, %s letters", err, len(discarded), a.visible())
	}
	ctx, cancel := context.WithCancel(t.Context())
	discarded, err = a.dead.Discard(ctx, id, func(deadletters.Letter, deadletters.Content) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || len(discarded) > 0 || a.visible() != "24" {
		t.Errorf("error %v, discarded %d, %s letters", err, len(discarded), a.visible())
	}
}

// advance returns a wait function that advances the server's clock instead, and counts its calls.
func (a *account) advance(calls *int) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		*calls++
		a.server.Advance(d)
		return ctx.Err()
	}
}

func TestMoveAllMovesEachLetterToItsQueue(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"))
	a.addLetters("APP_blog", sealed(t, "blog", "r3"))
	waits, last := 0, [2]int{}
	task, err := a.dead.MoveAll(t.Context(), a.advance(&waits), func(moved, total int) { last = [2]int{moved, total} })
	localtest.Must(t, err)
	if task != (deadletters.Task{Moved: 3}) || last != [2]int{3, 3} || a.visible() != "0" {
		t.Errorf("%+v, last report %v, %s left", task, last, a.visible())
	}
	if shop, blog := a.bodies(a.queue("APP_shop", nil)), a.bodies(a.queue("APP_blog", nil)); len(shop) != 2 || len(blog) != 1 {
		t.Errorf("shop has %d, blog %d", len(shop), len(blog))
	}
	a.server.Advance(time.Millisecond)
	if again, err := a.dead.MoveAll(t.Context(), a.advance(&waits), func(int, int) {}); again != (deadletters.Task{}) || err != nil {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestMoveAllFollowsARunningTask(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), sealed(t, "shop", "r3"))
	_, err := a.client.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: &a.arn, MaxNumberOfMessagesPerSecond: ptr[int32](1)})
	localtest.Must(t, err)
	starts, waits := 0, 0
	a.server.OnCall(func(c awslocal.Call) {
		if c.Operation == "StartMessageMoveTask" {
			starts++
		}
	})
	task, err := a.dead.MoveAll(t.Context(), a.advance(&waits), func(int, int) {})
	if task != (deadletters.Task{Moved: 3}) || err != nil || starts != 0 || waits == 0 {
		t.Errorf("%+v, error %v, %d tasks started, %d waits", task, err, starts, waits)
	}
}

func TestMoveAllStopsAtADeletedQueue(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_gone", sealed(t, "gone", "r1"))
	a.addLetters("APP_shop", sealed(t, "shop", "r2"))
	_, err := a.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(a.targets("gone")(deadletters.Letter{App: "gone"}))})
	localtest.Must(t, err)
	waits := 0
	task, err := a.dead.MoveAll(t.Context(), a.advance(&waits), func(int, int) {})
	stopped, ok := errors.AsType[*deadletters.TaskError](err)
	if !ok || task.Running || stopped.State != "FAILED" || stopped.Reason != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("error %v", err)
	}
	if left := 2 - task.Moved; a.visible() != fmt.Sprint(left) {
		t.Errorf("%d moved, %s left", task.Moved, a.visible())
	}
}

func TestMoveAllWithoutASourceQueue(t *testing.T) {
	a := newAccount(t)
	waits := 0
	_, err := a.dead.MoveAll(t.Context(), a.advance(&waits), func(int, int) {})
	if !deadletters.IsStopped(err) {
		t.Errorf("error %v", err)
	}
	if deadletters.IsStopped(context.Canceled) || deadletters.IsStopped(nil) || !deadletters.IsStopped(&deadletters.TaskError{}) {
		t.Error("IsStopped is true of another error, or false of a TaskError")
	}
}
