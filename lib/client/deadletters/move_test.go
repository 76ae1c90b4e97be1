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
)

// bodies are the messages that can be received from a queue.
func (w *world) bodies(url string) []string {
	w.t.Helper()
	var all []string
	for {
		out, err := w.client.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		must(w.t, err)
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, *m.Body)
		}
	}
}

// urls are the queues of apps, for Move.
func (w *world) urls(apps ...string) func(deadletters.Letter) string {
	urls := map[string]string{}
	for _, app := range apps {
		out, err := w.client.GetQueueUrl(w.t.Context(), &sqs.GetQueueUrlInput{QueueName: ptr("APP_" + app)})
		must(w.t, err)
		urls[app] = *out.QueueUrl
	}
	return func(l deadletters.Letter) string { return urls[l.App] }
}

func ptr[T any](v T) *T { return &v }

func ignore(int) {}

func TestMoveMovesAnAppsLettersAlone(t *testing.T) {
	w := newWorld(t)
	var shops []string
	for i := range 13 { // more than one receive hands over
		shops = append(shops, sealed(t, "shop", fmt.Sprint(i)))
	}
	shops = append(shops, "no envelope")
	w.bury("APP_shop", shops...)
	w.bury("APP_blog", sealed(t, "blog", "r1"), sealed(t, "blog", "r2"))
	var reports []int
	moved, err := w.dead.Move(t.Context(), w.client, w.urls("shop"), func(n int) { reports = append(reports, n) })
	must(t, err)
	if moved != len(shops) || len(reports) != len(shops) || reports[len(shops)-1] != len(shops) {
		t.Errorf("%d moved, reports %v", moved, reports)
	}
	if n := w.visible(); n != "2" {
		t.Errorf("%s letters are to be seen, want the 2 of blog", n)
	}
	got := map[string]int{}
	for _, body := range w.bodies(w.queue("APP_shop", nil)) {
		got[body]++
	}
	want := map[string]int{}
	for _, body := range shops {
		want[body]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the queue (-want +got):\n%s", diff)
	}
	if again, err := w.dead.Move(t.Context(), w.client, w.urls("shop"), ignore); again != 0 || err != nil {
		t.Errorf("again: %d, %v", again, err)
	}
}

// mails lets some calls fail.
type mails struct {
	deadletters.Mails
	send, remove error
	before       func()
}

func (m mails) SendMessage(ctx context.Context, in *sqs.SendMessageInput, opts ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if m.before != nil {
		m.before()
	}
	if m.send != nil {
		return nil, m.send
	}
	return m.Mails.SendMessage(ctx, in, opts...)
}

func (m mails) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, opts ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	if m.remove != nil {
		return nil, m.remove
	}
	return m.Mails.DeleteMessage(ctx, in, opts...)
}

func TestMoveLosesNothing(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		mails             mails
		interrupted       bool
		moved, dead, sent int
		err               error
	}{
		"the queue takes nothing":         {mails: mails{send: broken}, dead: 3, err: broken},
		"killed before the letter is out": {mails: mails{remove: broken}, dead: 3, sent: 1, err: broken},
		// What has begun is done to its end.
		"interrupted": {interrupted: true, moved: 1, dead: 2, sent: 1, err: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.bury("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), sealed(t, "shop", "r3"))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tt.mails.Mails = w.client
			if tt.interrupted {
				tt.mails.before = cancel
			}
			moved, err := w.dead.Move(ctx, tt.mails, w.urls("shop"), ignore)
			if moved != tt.moved || !errors.Is(err, tt.err) {
				t.Errorf("%d moved, error %v", moved, err)
			}
			if n := w.visible(); n != fmt.Sprint(tt.dead) {
				t.Errorf("%s letters are to be seen, want %d", n, tt.dead)
			}
			if sent := w.bodies(w.queue("APP_shop", nil)); len(sent) != tt.sent {
				t.Errorf("%d in the queue, want %d", len(sent), tt.sent)
			}
		})
	}
}

func TestMoveToAQueueThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"))
	to := w.urls("shop")
	_, err := w.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(to(deadletters.Letter{App: "shop"}))})
	must(t, err)
	_, err = w.dead.Move(t.Context(), w.client, to, ignore)
	var gone *types.QueueDoesNotExist
	if !errors.As(err, &gone) || w.visible() != "1" {
		t.Errorf("error %v, %s letters", err, w.visible())
	}
}

func TestReadHandsOverBodies(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"), "no envelope")
	got := map[string]string{}
	_, err := w.dead.Read(t.Context(), 10, func(l deadletters.Letter, body []byte) error {
		got[l.Header.RequestID] = string(body)
		return nil
	})
	must(t, err)
	if diff := cmp.Diff(map[string]string{"r1": "5 hello", "": ""}, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	broken := errors.New("broken")
	_, err = w.dead.Read(t.Context(), 10, func(deadletters.Letter, []byte) error { return broken })
	if !errors.Is(err, broken) || w.visible() != "2" {
		t.Errorf("error %v, %s letters", err, w.visible())
	}
}

// quick waits without waiting, on the server's clock.
func (w *world) quick(calls *int) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		*calls++
		w.server.Advance(d)
		return ctx.Err()
	}
}

func TestMoveAllSendsEachLetterToItsOwnQueue(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"))
	w.bury("APP_blog", sealed(t, "blog", "r3"))
	waits, last := 0, [2]int{}
	moved, err := w.dead.MoveAll(t.Context(), w.client, w.quick(&waits), func(moved, of int) { last = [2]int{moved, of} })
	must(t, err)
	if moved != 3 || last != [2]int{3, 3} || w.visible() != "0" {
		t.Errorf("%d moved, last report %v, %s left", moved, last, w.visible())
	}
	if shop, blog := w.bodies(w.queue("APP_shop", nil)), w.bodies(w.queue("APP_blog", nil)); len(shop) != 2 || len(blog) != 1 {
		t.Errorf("shop has %d, blog %d", len(shop), len(blog))
	}
	w.server.Advance(time.Millisecond)
	if again, err := w.dead.MoveAll(t.Context(), w.client, w.quick(&waits), func(int, int) {}); again != 0 || err != nil {
		t.Errorf("again: %d, %v", again, err)
	}
}

func TestMoveAllJoinsARunningTask(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), sealed(t, "shop", "r3"))
	_, err := w.client.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: &w.arn, MaxNumberOfMessagesPerSecond: ptr[int32](1)})
	must(t, err)
	starts, waits := 0, 0
	w.server.OnCall(func(c awslocal.Call) {
		if c.Operation == "StartMessageMoveTask" {
			starts++
		}
	})
	moved, err := w.dead.MoveAll(t.Context(), w.client, w.quick(&waits), func(int, int) {})
	if moved != 3 || err != nil || starts != 0 || waits == 0 {
		t.Errorf("%d moved, error %v, %d tasks started, %d waits", moved, err, starts, waits)
	}
}

func TestMoveAllStopsAtAQueueThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_gone", sealed(t, "gone", "r1"))
	w.bury("APP_shop", sealed(t, "shop", "r2"))
	_, err := w.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: ptr(w.urls("gone")(deadletters.Letter{App: "gone"}))})
	must(t, err)
	waits := 0
	moved, err := w.dead.MoveAll(t.Context(), w.client, w.quick(&waits), func(int, int) {})
	var stopped *deadletters.TaskError
	if !errors.As(err, &stopped) || stopped.State != "FAILED" || stopped.Reason != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("error %v", err)
	}
	if left := 2 - moved; w.visible() != fmt.Sprint(left) {
		t.Errorf("%d moved, %s left", moved, w.visible())
	}
}

func TestMoveAllIsRefusedWhereNoQueueHasDeadLetters(t *testing.T) {
	w := newWorld(t)
	waits := 0
	_, err := w.dead.MoveAll(t.Context(), w.client, w.quick(&waits), func(int, int) {})
	if !deadletters.IsStopped(err) {
		t.Errorf("error %v", err)
	}
	if deadletters.IsStopped(context.Canceled) || deadletters.IsStopped(nil) || !deadletters.IsStopped(&deadletters.TaskError{}) {
		t.Error("IsStopped knows others")
	}
}
