package provision_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

func TestDeleteClearsAPartialDrain(t *testing.T) {
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

func TestDeleteReturnsWhatItDeleted(t *testing.T) {
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
	s := newStack(t, 0)
	s.called()
	_, err := s.Delete(t.Context(), "shop-", drain.DeleteOptions{})
	wantError(t, err, drain.InvalidAppName)
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("calls: %v", calls)
	}
}
