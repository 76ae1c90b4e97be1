package e2e_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
)

// body returns a body as Logplex sends it, with lines of the current time.
func body(lines ...string) []byte {
	var b []byte
	now := time.Now()
	for _, line := range lines {
		b = logplex.AppendFrame(b, dynoLine(now, line))
	}
	return b
}

// dynoLine returns a line of a web dyno.
func dynoLine(at time.Time, text string) []byte {
	return logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: at, Source: []byte("app"), Process: []byte("web.1"), Message: []byte(text), Newline: true,
	})
}

func TestLifecycle(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	ctx := t.Context()

	made, created, err := s.api.Put(ctx, "shop", drain.Patch{})
	if err != nil || !created {
		t.Fatalf("PUT: created %v, %v", created, err)
	}
	// Lines that arrive before the mapping is enabled wait in the queue.
	if status, answer := s.post(made.DrainURL, body("one", "two")); status != 200 || answer != "" {
		t.Fatalf("POST: %d %q, want 200 and no body", status, answer)
	}
	want := []string{"app[web.1]: one", "app[web.1]: two"}
	if diff := cmp.Diff(want, localtest.Texts(s.stored("shop", 2))); diff != "" {
		t.Errorf("stream (-want +got):\n%s", diff)
	}

	s.AWS.Advance(awslocal.LagOfAWS().LastEvent)
	got, err := s.api.Get(ctx, "shop")
	localtest.Must(t, err)
	if got.State != drain.Active || got.LogStream != "[APP]shop" || got.Queue.Name != "APP_shop" || got.LastEventAt == nil || got.DrainURL != "" {
		t.Errorf("GET: %+v", got)
	}
	again, created, err := s.api.Put(ctx, "shop", drain.Patch{Format: new("json")})
	if err != nil || created || again.DrainURL != made.DrainURL {
		t.Errorf("second PUT: created %v, same URL %v, %v", created, again.DrainURL == made.DrainURL, err)
	}
	all, err := s.api.List(ctx, drain.IncludeCounts, drain.IncludeSettings)
	if err != nil || len(all) != 1 || all[0].App != "shop" || all[0].Settings.Format != "json" {
		t.Errorf("list: %+v, %v", all, err)
	}

	if _, err := s.api.Delete(ctx, "shop", drain.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	localtest.Eventually(s.t, "shop is deleted", func() bool {
		_, err := s.api.Get(ctx, "shop")
		return code(err) == "NotFound"
	})
	if _, err := s.api.Delete(ctx, "shop", drain.DeleteOptions{}); code(err) != "NotFound" {
		t.Errorf("second DELETE: %v, want NotFound", err)
	}
	localtest.Eventually(s.t, "the mapping of shop is gone", func() bool {
		_, _, err := s.api.Put(ctx, "shop", drain.Patch{})
		return code(err) != "DrainBusy"
	})
	if _, _, err := s.api.Put(ctx, "shop", drain.Patch{}); code(err) != "QueueDeletedRecently" {
		t.Errorf("PUT right after DELETE: %v, want QueueDeletedRecently", err)
	}
	s.AWS.Advance(time.Minute)
	if status, answer := s.post(made.DrainURL, body("late")); status != 404 || answer != "" {
		t.Errorf("POST to a deleted drain: %d %q, want 404 and no body", status, answer)
	}
	if _, created, err := s.api.Put(ctx, "shop", drain.Patch{}); err != nil || !created {
		t.Errorf("PUT a minute after DELETE: created %v, %v", created, err)
	}
}

// code returns the API's code in an error, or "".
func code(err error) string {
	if refusal, ok := errors.AsType[*apiclient.Error](err); ok {
		return refusal.Code
	}
	return ""
}
