package awslocal_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

// faulty returns a queue on a new server, and a function that sends a message to it without retries.
func faulty(t *testing.T) (*awslocal.Server, testQueue, func(ctx context.Context) error) {
	t.Helper()
	b := startBackend(t)
	q := newQueue(t, b, "q")
	noRetry := sqs.NewFromConfig(b.config, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	return b.server, q, func(ctx context.Context) error {
		_, err := noRetry.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")})
		return err
	}
}

func TestFaultReturnsAnError(t *testing.T) {
	t.Parallel()
	s, q, send := faulty(t)
	remove := s.Inject(awslocal.Fault{
		Service: "sqs", Operation: "SendMessage", Skip: 1, Times: 2, Status: http.StatusBadRequest, Code: "RequestThrottled", Message: "slow down",
	})
	var failed []bool
	for range 4 {
		err := send(t.Context())
		failed = append(failed, err != nil)
		if err != nil {
			wantCode(t, err, "RequestThrottled")
		}
	}
	if diff := cmp.Diff([]bool{false, true, true, false}, failed); diff != "" {
		t.Error(diff)
	}
	if got := q.counts(t); got[0] != "2" {
		t.Errorf("%s messages arrived, want 2", got[0])
	}
	remove()
}

func TestFaultUntilRemoved(t *testing.T) {
	t.Parallel()
	s, _, send := faulty(t)
	remove := s.Inject(awslocal.Fault{Service: "sqs", Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})
	for range 5 {
		wantCode(t, send(t.Context()), "ServiceUnavailable")
	}
	remove()
	if err := send(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFaultOfAnotherService(t *testing.T) {
	t.Parallel()
	s, _, send := faulty(t)
	s.Inject(awslocal.Fault{Service: "logs", Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})
	s.Inject(awslocal.Fault{Operation: "DeleteMessage", Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})
	if err := send(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFaultDropsTheConnection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		drop    awslocal.Drop
		arrived string
	}{
		{"before the work", awslocal.DropBefore, "0"},
		{"after the work", awslocal.DropAfter, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, q, send := faulty(t)
			s.Inject(awslocal.Fault{Operation: "SendMessage", Drop: c.drop})
			if err := send(t.Context()); err == nil {
				t.Error("the call succeeded")
			}
			if got := q.counts(t); got[0] != c.arrived {
				t.Errorf("%s messages arrived, want %s", got[0], c.arrived)
			}
		})
	}
}

func TestFaultDelays(t *testing.T) {
	t.Parallel()
	s, q, send := faulty(t)
	s.Inject(awslocal.Fault{Operation: "SendMessage", Delay: time.Hour, Times: 2})
	called := make(chan struct{}, 2)
	s.OnCall(func(c awslocal.Call) {
		if c.Operation == "SendMessage" {
			called <- struct{}{}
		}
	})
	t.Run("a client that gives up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-called
			cancel()
		}()
		if err := send(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got := q.counts(t); got[0] != "0" {
			t.Error("the message was sent")
		}
	})
	t.Run("a client that waits", func(t *testing.T) {
		sent := make(chan error, 1)
		go func() { sent <- send(t.Context()) }()
		<-called
		var err error
		waitFor(t, func() bool {
			s.Advance(time.Hour) // repeatedly, because the delay may start after an advance
			select {
			case err = <-sent:
				return true
			default:
				return false
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
}
