package simulate_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logplex"
)

func TestSpaceModePostsAsLogShuttle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Mode: simulate.Space, Rate: 1000, Lines: 1100, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		uuid := regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`)
		total := 0
		for _, p := range drain.received() {
			for name := range p.header {
				if strings.HasPrefix(name, "Logplex-") {
					t.Errorf("header %s", name)
				}
			}
			if !p.chunked || !uuid.MatchString(p.header.Get("X-Request-Id")) || len(p.lines) > 500 {
				t.Errorf("%d lines, chunked: %t, header %v", len(p.lines), p.chunked, p.header)
			}
			total += len(p.lines)
		}
		first := drain.received()[0].lines[0]
		line, ok := logplex.ParseLine([]byte(first))
		if !ok || !strings.Contains(first, " - - line 1\n") || string(line.Message) != "line 1" || string(line.Host) == "" {
			t.Errorf("the first line is %q, read as %+v", first, line)
		}
		if posts := len(drain.received()); total != 1100 || posts != 5 {
			t.Errorf("%d lines in %d POSTs", total, posts)
		}
		for e := range ledger.All() {
			if e.Outcome != simulate.Acknowledged || !strings.Contains(string(e.Raw), " shuttle app web.1 - - line ") {
				t.Fatalf("entry %+v", e)
			}
		}
	})
}

func TestSpaceModeGivesUpOnAnyStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		statuses := []int{503, 429, 404, 200}
		drain, end := newMemoryDrain(func(before int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(statuses[before]) })
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Mode: simulate.Space, Rate: 1, Lines: 4, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		want := simulate.Tally{
			Made: 4, Acknowledged: 1, Dropped: 3, DroppedFor: map[simulate.Reason]int{simulate.NotRepeated: 3}, Posts: 4, Tries: 4,
			Answers: map[int]int{200: 1, 404: 1, 429: 1, 503: 1},
		}
		if diff := cmp.Diff(want, ledger.Tally()); diff != "" {
			t.Errorf("tally (-want +got):\n%s", diff)
		}
		if n := len(ordinary(drain.received())); n != 4 { // without lines about losses
			t.Errorf("%d lines", n)
		}
	})
}

func TestSpaceModeRepeatsWhatHasNoResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var times []time.Duration
		began := time.Now()
		drain, end := newMemoryDrain(func(before int, _ http.ResponseWriter, r *http.Request) {
			times = append(times, time.Since(began))
			if before < 3 {
				<-r.Context().Done()
			}
		})
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Mode: simulate.Space, Rate: 1, Lines: 30, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		const wait = 250 * time.Millisecond
		if diff := cmp.Diff([]time.Duration{wait, wait + 6*time.Second, wait + 13*time.Second}, times[:3]); diff != "" {
			t.Errorf("times (-want +got):\n%s", diff)
		}
		posts := drain.received()
		if id := posts[0].header.Get("X-Request-Id"); id != posts[2].header.Get("X-Request-Id") || id == posts[3].header.Get("X-Request-Id") {
			t.Error("a request id must be that of a batch")
		}
		if line := posts[3].lines[0]; !strings.Contains(line, " heroku app log-shuttle - - Error L13: 1 messages lost since ") {
			t.Errorf("after the loss: %q", line)
		}
		if tally := ledger.Tally(); tally.MaybeStored != 1 || tally.Acknowledged != 29 || tally.Losses != 1 {
			t.Errorf("tally %+v", tally)
		}
	})
}

func TestSpaceModeDropsTheNewestLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(before int, _ http.ResponseWriter, r *http.Request) {
			if before == 0 {
				<-r.Context().Done()
			}
		})
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Mode: simulate.Space, Rate: 10_000, Lines: 30_000, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		// The first 500 time out; as many lines wait then that they are given up. 26,000 wait.
		want := map[simulate.Reason]int{simulate.Retries: 500, simulate.Overflow: 3500}
		if diff := cmp.Diff(want, ledger.Tally().DroppedFor); diff != "" {
			t.Errorf("dropped (-want +got):\n%s", diff)
		}
		lines := drain.received()[1].lines
		if !strings.Contains(lines[0], "Error L12: ") || !strings.Contains(lines[1], "Error L13: 500 ") || !strings.HasSuffix(lines[2], "line 501\n") {
			t.Errorf("the second POST begins with %q", lines[:3])
		}
	})
}
