package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// TestDurableDedupSurvivesKills kills the storage function at each step of a message. SQS delivers the message again, and Logplex has sent it twice.
// The lines are stored once, except in the one window: they are stored, and the function is killed before it has marked them. Then the copies have
// the same IDs.
func TestDurableDedupSurvivesKills(t *testing.T) {
	for _, step := range []struct {
		name   string
		at     kill
		copies int // of each line
	}{
		{"claimed", kill{function: stack.LocalStorageFunction, operation: "PutItem", nth: 1, drop: awslocal.DropAfter}, 1},
		{"not put", kill{function: stack.LocalStorageFunction, operation: "PutLogEvents", nth: 1, drop: awslocal.DropBefore}, 1},
		{"put and not marked", kill{function: stack.LocalStorageFunction, operation: "PutLogEvents", nth: 1, drop: awslocal.DropAfter}, 2},
		{"marked", kill{function: stack.LocalStorageFunction, operation: "PutItem", nth: 2, drop: awslocal.DropAfter}, 1},
	} {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			s := startWith(t, local.Options{Binaries: binaries, Dedup: stack.DedupDurable, TransitionTime: transition})
			d := s.put("shop", drain.Patch{Format: new(drain.FormatJSON)})
			killed := s.killAt(step.at)
			var body strings.Builder
			for n := range 3 {
				body.WriteString(logplextest.Frame(logplextest.Line(190, time.Now(), "app", "web.1", fmt.Sprint("line ", n)) + "\n"))
			}
			s.postFrame(d.DrainURL, "F1", body.String())
			stored := func() int { return len(localtest.StoredLines(t, s.AWS, "shop")) }
			done := func() bool {
				found, err := s.api.Get(t.Context(), "shop")
				return err == nil && found.Queue.Messages+found.Queue.InFlight+found.Queue.Delayed == 0
			}
			localtest.Eventually(t, "the function was killed", killed)
			s.AWS.Advance(stack.QueueVisibilityTimeout)
			localtest.Eventually(t, "the message is done", func() bool { return stored() >= 3*step.copies && done() })
			s.postFrame(d.DrainURL, "F1", body.String())
			localtest.Eventually(t, "the copy is done", done)
			ids := map[logformat.ID]int{}
			for _, text := range localtest.Texts(localtest.StoredLines(t, s.AWS, "shop")) {
				id, _ := logformat.ReadID(text)
				ids[id]++
			}
			if stored() != 3*step.copies || len(ids) != 3 || ids[0] != 0 {
				t.Errorf("%d events with the IDs %v, want 3 lines, %d times each", stored(), ids, step.copies)
			}
		})
	}
}

// postFrame posts a body as Logplex does, each time it sends the same frame.
func (s *system) postFrame(url, frameID, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url, bytes.NewReader([]byte(body)))
	localtest.Must(s.t, err)
	req.Header.Set("Content-Type", "application/logplex-1")
	req.Header.Set("Logplex-Frame-Id", frameID)
	req.Header.Set("Logplex-Drain-Token", "d.0a1b2c3d-0000-4000-8000-000000000001")
	if status, answer := s.do(req); status != http.StatusOK {
		s.t.Fatalf("POST: %d %s", status, answer)
	}
}
