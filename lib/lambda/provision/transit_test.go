package provision_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestPutAfterDelete(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	for range 2 {
		_, _, err = s.Put(t.Context(), "shop", drain.Patch{})
		refusal := wantError(t, err, drain.QueueDeletedRecently)
		if refusal.RetryAfter != time.Minute {
			t.Errorf("RetryAfter = %s, want 1m", refusal.RetryAfter)
		}
		if got := s.inventory(t); len(got) > 0 {
			t.Errorf("the refused Put left %v", got)
		}
	}
	s.server.Advance(time.Minute)
	if _, created := put(t, s.Manager, "shop", ""); !created {
		t.Error("created = false")
	}
	if diff := cmp.Diff(whole, s.inventory(t)); diff != "" {
		t.Errorf("on AWS (-want +got):\n%s", diff)
	}
}

// SQS takes up to a minute to delete a queue, and finds it until then. A drain with that queue would lose it soon.
func TestPutWhileTheQueueIsBeingDeleted(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{"unchanged": "", "with other settings": `{"format":"json","batch_window_seconds":60}`} {
		t.Run(name, func(t *testing.T) {
			s := newStackOn(t, awslocal.Options{Lag: awslocal.Lag{QueueDeletion: time.Minute}})
			put(t, s.Manager, "shop", "")
			_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
			localtest.Must(t, err)
			s.server.Advance(30 * time.Second)
			if _, err := s.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("APP_shop")}); err != nil {
				t.Fatalf("SQS no longer finds the queue: %v", err)
			}
			_, _, err = s.Put(t.Context(), "shop", patch(t, change))
			wantError(t, err, drain.QueueDeletedRecently)
			if len(s.mappings(t)) > 0 {
				t.Error("the refused Put created a mapping")
			}
			s.server.Advance(30 * time.Second)
			put(t, s.Manager, "shop", change)
			s.server.Advance(time.Minute)
			if diff := cmp.Diff(whole, s.inventory(t)); diff != "" {
				t.Errorf("on AWS (-want +got):\n%s", diff)
			}
		})
	}
}

// Lambda takes up to a minute for each change of a mapping, and rejects others in the meantime.
func TestDrainsInTransit(t *testing.T) {
	t.Parallel()
	s := newStack(t, time.Minute)
	state := func(want drain.State) {
		t.Helper()
		if got := get(t, s.Manager, "shop").State; got != want {
			t.Errorf("state = %s, want %s", got, want)
		}
	}
	busy := func(err error) {
		t.Helper()
		if refusal := wantError(t, err, drain.DrainBusy); refusal.RetryAfter <= 0 {
			t.Error("the error does not say when to try again")
		}
	}

	put(t, s.Manager, "shop", "")
	state(drain.Creating)
	if d, created := put(t, s.Manager, "shop", ""); created || d.State != drain.Creating {
		t.Errorf("Put again = %s, created %v", d.State, created)
	}
	_, _, err := s.Put(t.Context(), "shop", patch(t, `{"batch_size":5}`))
	busy(err)
	before := s.inventory(t)
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	busy(err)
	if diff := cmp.Diff(before, s.inventory(t)); diff != "" {
		t.Errorf("the refused Delete changed (-before +after):\n%s", diff)
	}

	s.server.Advance(time.Minute)
	state(drain.Active)
	if d, _ := put(t, s.Manager, "shop", `{"batch_size":5}`); d.State != drain.Updating {
		t.Errorf("Put = %s, want %s", d.State, drain.Updating)
	}
	state(drain.Updating)
	s.server.Advance(time.Minute)
	state(drain.Active)

	_, err = s.lambda.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &get(t, s.Manager, "shop").EventSource.UUID, Enabled: aws.Bool(false),
	})
	localtest.Must(t, err)
	state(drain.Disabled)
	_, _, err = s.Put(t.Context(), "shop", drain.Patch{})
	busy(err)
	s.server.Advance(time.Minute)
	state(drain.Disabled)
	put(t, s.Manager, "shop", "")
	state(drain.Creating)
	s.server.Advance(time.Minute)

	d, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{KeepLogs: true})
	localtest.Must(t, err)
	if d.State != drain.Deleting || d.EventSource.State != "Deleting" {
		t.Errorf("Delete = %s with the mapping %s", d.State, d.EventSource.State)
	}
	state(drain.Deleting)
	_, _, err = s.Put(t.Context(), "shop", drain.Patch{})
	busy(err)
	if diff := cmp.Diff([]string{"mapping APP_shop Deleting", "stream [APP]shop"}, s.inventory(t)); diff != "" {
		t.Errorf("on AWS (-want +got):\n%s", diff)
	}
	s.server.Advance(time.Minute)
	state(drain.Partial)
	put(t, s.Manager, "shop", "")
	state(drain.Creating)
}

func TestAMappingBeingDeletedIsNotADrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, time.Minute)
	put(t, s.Manager, "shop", "")
	s.server.Advance(time.Minute)
	_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	_, err = s.Get(t.Context(), "shop")
	wantError(t, err, drain.NotFound)
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	wantError(t, err, drain.NotFound)
	drains, _, err := s.List(t.Context(), "")
	localtest.Must(t, err)
	if len(drains) > 0 {
		t.Errorf("List = %v", drains)
	}
}

// Concurrent Puts and Deletes each succeed or say when to try again, and a later Put creates a complete drain.
func TestConcurrentPutAndDelete(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for round := range 5 {
		var wg sync.WaitGroup
		check := func(err error) {
			refusal, ok := errors.AsType[*drain.Error](err)
			if err != nil && (!ok || refusal.RetryAfter == 0 && refusal.Code != drain.NotFound) {
				t.Errorf("round %d: %v", round, err)
			}
		}
		for range 3 {
			wg.Go(func() {
				_, _, err := s.Put(t.Context(), "shop", drain.Patch{})
				check(err)
			})
			wg.Go(func() {
				_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
				check(err)
			})
		}
		wg.Wait()
		s.server.Advance(time.Minute)
		put(t, s.Manager, "shop", "")
		if diff := cmp.Diff(whole, s.inventory(t)); diff != "" {
			t.Errorf("round %d, on AWS (-want +got):\n%s", round, diff)
		}
	}
}
