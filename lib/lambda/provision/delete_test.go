package provision_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestDeleteClearsAPartialDrain(t *testing.T) {
	t.Parallel()
	for which := range 8 {
		for _, keepLogs := range []bool{false, true} {
			t.Run(fmt.Sprintf("missing %03b, keep logs %v", which, keepLogs), func(t *testing.T) {
				t.Parallel()
				s := newStack(t, 0)
				put(t, s.Manager, "shop-staging", "")
				missing(t, s, which)
				hasStream, hasQueue, hasMapping := which&1 == 0, which&2 == 0, which&4 == 0

				d, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{KeepLogs: keepLogs})
				if removable := hasQueue || hasMapping || hasStream && !keepLogs; !removable {
					wantError(t, err, drain.NotFound)
				} else {
					localtest.Must(t, err)
					if d.State != drain.Deleting || (d.Queue != nil) != hasQueue || (d.EventSource != nil) != hasMapping ||
						(d.LogStream != "") != (hasStream && !keepLogs) {
						t.Errorf("Delete = %s, stream %q, queue %v, mapping %v: want what was removed", d.State, d.LogStream, d.Queue, d.EventSource)
					}
				}
				want := []string{"mapping APP_shop-staging Enabled", "queue APP_shop-staging", "stream [APP]shop-staging"}
				if hasStream && keepLogs {
					want = []string{"mapping APP_shop-staging Enabled", "queue APP_shop-staging", "stream [APP]shop", "stream [APP]shop-staging"}
				}
				if diff := cmp.Diff(want, s.inventory(t)); diff != "" {
					t.Errorf("on AWS (-want +got):\n%s", diff)
				}
				_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{KeepLogs: keepLogs})
				wantError(t, err, drain.NotFound)
			})
		}
	}
}

// A drain that was deleted and created again is not the one that a caller knows.
func TestDeleteOfACertainDrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, time.Minute)
	known, _ := put(t, s.Manager, "shop", "")
	s.server.Advance(time.Minute)
	opts := drain.DeleteOptions{EventSource: known.EventSource.UUID}
	_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{EventSource: "00000000-0000-0000-0000-000000000000"})
	wantError(t, err, drain.DrainReplaced)

	// An attempt that failed after its first step can be repeated.
	remove := s.server.Inject(awslocal.Fault{Operation: "DeleteQueue", Status: http.StatusInternalServerError, Code: "InternalFailure"})
	if _, err = s.Delete(t.Context(), "shop", opts); err == nil {
		t.Fatal("Delete succeeded without deleting the queue")
	}
	remove()
	_, err = s.Delete(t.Context(), "shop", opts)
	localtest.Must(t, err)
	s.server.Advance(time.Minute)
	_, err = s.Delete(t.Context(), "shop", opts)
	wantError(t, err, drain.NotFound)

	again, _ := put(t, s.Manager, "shop", "")
	s.server.Advance(time.Minute)
	before := s.inventory(t)
	refusal := wantError(t, errOf(s.Delete(t.Context(), "shop", opts)), drain.DrainReplaced)
	if refusal.RetryAfter != 0 || !strings.Contains(refusal.Message, known.EventSource.UUID) {
		t.Errorf("the refusal is %+v", refusal)
	}
	s.deleteMapping(t, again.EventSource.UUID)
	s.server.Advance(time.Minute)
	wantError(t, errOf(s.Delete(t.Context(), "shop", opts)), drain.DrainReplaced)
	if diff := cmp.Diff(before[1:], s.inventory(t)); diff != "" {
		t.Errorf("on AWS, without the mapping (-want +got):\n%s", diff)
	}
}

func errOf(_ drain.Drain, err error) error { return err }

func TestDeleteReturnsWhatItDeleted(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", `{"format":"json","batch_size":3}`)
	want := get(t, s.Manager, "shop")
	got, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	want.State, want.EventSource.State = drain.Deleting, "Deleting"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Delete (-want +got):\n%s", diff)
	}
}

func TestDeleteChecksTheName(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.called()
	_, err := s.Delete(t.Context(), "shop-", drain.DeleteOptions{})
	wantError(t, err, drain.InvalidAppName)
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("calls: %v", calls)
	}
}

// TestADyingQueueIsNotPartOfADrain looks at a drain while SQS still shows its deleted queue.
func TestADyingQueueIsNotPartOfADrain(t *testing.T) {
	t.Parallel()
	s := newStackOn(t, awslocal.Options{Lag: awslocal.Lag{QueueDeletion: time.Minute}})
	_, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	_, err = s.Get(t.Context(), "shop")
	wantError(t, err, drain.NotFound)
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	wantError(t, err, drain.NotFound)
	if all, _ := list(t, s.Manager); len(all) > 0 {
		t.Errorf("listed: %v", all)
	}
	_, _, err = s.Put(t.Context(), "shop", drain.Patch{})
	wantError(t, err, drain.QueueDeletedRecently)
	s.server.Advance(time.Minute)
	_, created, err := s.Put(t.Context(), "shop", drain.Patch{})
	if err != nil || !created {
		t.Errorf("Put: created %t, %v", created, err)
	}
}

// TestAFailedDeleteOfAQueue checks that a drain whose queue could not be deleted can be deleted or used again.
func TestAFailedDeleteOfAQueue(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*stack) error{
		"delete": func(s *stack) error {
			_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
			return err
		},
		"put and delete": func(s *stack) error {
			if _, _, err := s.Put(t.Context(), "shop", drain.Patch{}); err != nil {
				return err
			}
			d := get(t, s.Manager, "shop")
			if tags := s.tags(t, "APP_shop"); d.State != drain.Active || tags[drain.TagDeleted] != drain.NotDeleted {
				t.Errorf("the drain is %s, its queue has the tags %v", d.State, tags)
			}
			_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStack(t, 0)
			_, _, err := s.Put(t.Context(), "shop", drain.Patch{})
			localtest.Must(t, err)
			remove := s.server.Inject(awslocal.Fault{Operation: "DeleteQueue", Status: http.StatusForbidden, Code: "AccessDenied"})
			if _, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{}); err == nil {
				t.Fatal("Delete succeeded, want an error")
			}
			remove()
			localtest.Must(t, again(s))
			_, err = s.Get(t.Context(), "shop")
			wantError(t, err, drain.NotFound)
			if _, err := s.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("APP_shop")}); err == nil {
				t.Error("the queue is left")
			}
		})
	}
}
