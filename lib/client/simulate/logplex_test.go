package simulate_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logplex"
)

// numbered makes lines with consecutive numbers.
type numbered struct{ made int }

func (n *numbered) Next(at time.Time) []byte {
	n.made++
	return fmt.Appendf(nil, "<190>1 %s host app web.1 - line %d\n", at.UTC().Format(logplex.TimeLayout), n.made)
}

var overflowed = regexp.MustCompile(`Error L10 \(output buffer overflow\): (\d+) messages dropped since (\S+)\.$`)

// reported returns how many lost lines a POST reports.
func reported(t *testing.T, p post) int {
	t.Helper()
	found := overflowed.FindStringSubmatch(p.lines[0])
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Error(err)
	}
	return n
}

// count returns the number of a ledger's lines with an outcome.
func count(ledger *simulate.Ledger, o simulate.Outcome) int {
	n := 0
	for e := range ledger.All() {
		if e.Outcome == o && !e.Loss {
			n++
		}
	}
	return n
}

func TestLogplexSendsEveryLineToEveryDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Nodes: 3, Rate: 100, Lines: 500, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"), subscription("d.2"), simulate.Subscription{URL: "syslog://logs.example.com", Token: "d.3"})
		byToken := map[string][]string{}
		for _, p := range drain.received() {
			byToken[p.token] = append(byToken[p.token], p.lines...)
		}
		for token, lines := range byToken {
			slices.Sort(lines)
			if len(slices.Compact(lines)) != 500 {
				t.Errorf("%s got %d lines", token, len(lines))
			}
		}
		if len(byToken) != 2 {
			t.Errorf("%d drains got lines", len(byToken))
		}
		if n := count(&ledger, simulate.Acknowledged); n != 1000 {
			t.Errorf("%d lines are acknowledged", n)
		}
	})
}

func TestEachNodeHasOneRequestInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(int, http.ResponseWriter, *http.Request) { time.Sleep(time.Second) })
		defer end()
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Nodes: 4, Lines: 10_000, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		if drain.most != 4 || drain.connects != 4 {
			t.Errorf("%d POSTs at the same time on %d connections, want 4", drain.most, drain.connects)
		}
		if n := len(ordinary(drain.received())); n != 10_000 {
			t.Errorf("%d lines arrived", n)
		}
	})
}

func TestLogplexSendsNothingMoreToARemovedDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(_ int, _ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Logplex-Drain-Token") == "d.1" {
				time.Sleep(2 * time.Second)
			}
		})
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 10, Duration: 9950 * time.Millisecond, Ledger: &ledger, Dial: drain.dial})
		l.Subscribe([]simulate.Subscription{subscription("d.1"), subscription("d.2")})
		time.AfterFunc(time.Second+time.Millisecond, func() { l.Subscribe([]simulate.Subscription{subscription("d.2")}) })
		l.Run(t.Context())
		posts := map[string]int{}
		for _, p := range drain.received() {
			posts[p.token]++
		}
		if posts["d.1"] != 1 || posts["d.2"] != 100 {
			t.Errorf("POSTs by drain: %v", posts)
		}
		dropped := ledger.Tally().DroppedFor
		if diff := cmp.Diff(map[simulate.Reason]int{simulate.Unsubscribed: 10}, dropped); diff != "" {
			t.Errorf("dropped (-want +got):\n%s", diff)
		}
	})
}

func TestLogplexOfAnAppWithoutDrainsEnds(t *testing.T) {
	t.Parallel()
	l := simulate.NewLogplex(simulate.New("shop", 1), simulate.Options{})
	ctx, end := context.WithCancel(t.Context())
	end()
	l.Run(ctx)
}

// A full buffer displaces its oldest lines, and the next batch says how many.
func TestAFullBufferDisplacesTheOldest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(before int, _ http.ResponseWriter, _ *http.Request) {
			if before == 0 {
				time.Sleep(4 * time.Second)
			}
		})
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 1000, Lines: 4000, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		posts := drain.received()
		lost := reported(t, posts[1])
		if tally := ledger.Tally(); lost == 0 || lost != tally.DroppedFor[simulate.Overflow] || tally.Acknowledged != 4000-lost || tally.Losses != 1 {
			t.Errorf("reported %d lost lines, ledger %+v", lost, tally)
		}
		for e := range ledger.All() {
			number, _ := strconv.Atoi(strings.TrimSpace(string(e.Raw[numberAt(e.Raw):])))
			if displaced := number > 1 && number <= 1+lost; !e.Loss && displaced != (e.Outcome == simulate.Dropped) {
				t.Fatalf("line %d is %s", number, e.Outcome)
			}
		}
		if n := len(posts[1].lines); n != 1+simulate.BufferLines || posts[1].header.Get("Logplex-Msg-Count") != strconv.Itoa(n) {
			t.Errorf("the second POST has %d lines, and says %s", n, posts[1].header.Get("Logplex-Msg-Count"))
		}
	})
}

// numberAt returns where the number of a line begins.
func numberAt(raw []byte) int { return strings.LastIndex(string(raw), "line ") + len("line ") }

func TestRetriesKeepTheFrameIDAndCountAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		statuses := []int{400, 503, 429, 302, 503, 503, 200}
		drain, end := newMemoryDrain(func(before int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(statuses[min(before, len(statuses)-1)])
		})
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 1, Lines: 4, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		var losses []int
		frames := map[string]int{}
		for _, p := range drain.received() {
			losses = append(losses, reported(t, p))
			frames[p.header.Get("Logplex-Frame-Id")]++
		}
		if diff := cmp.Diff([]int{0, 1, 1, 1, 2, 2, 2, 0}, losses); diff != "" {
			t.Errorf("reported losses (-want +got):\n%s", diff)
		}
		want := simulate.Tally{
			Made: 4, Acknowledged: 2, Dropped: 2, DroppedFor: map[simulate.Reason]int{simulate.NotRepeated: 1, simulate.Retries: 1}, MaybeStored: 1,
			Losses: 1, Posts: 4, Tries: 8, Answers: map[int]int{200: 2, 302: 1, 400: 1, 429: 1, 503: 3},
		}
		if diff := cmp.Diff(want, ledger.Tally()); diff != "" || len(frames) != 4 {
			t.Errorf("%d frames, tally (-want +got):\n%s", len(frames), diff)
		}
		for e := range ledger.All() {
			if e.Loss != (e.Position == -1) || frames[e.FrameID] == 0 || e.Loss && !strings.Contains(string(e.Raw), "Error L10") {
				t.Errorf("entry %+v", e)
			}
		}
	})
}

func TestALineThatTimedOutMayBeStored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		defer end()
		var ledger simulate.Ledger
		began := time.Now()
		run(t, simulate.NewLogplex(&numbered{}, simulate.Options{Lines: 1, Ledger: &ledger, Dial: drain.dial}), subscription("d.1"))
		if took := time.Since(began); took != 15*time.Second {
			t.Errorf("dropped after %s", took)
		}
		for e := range ledger.All() {
			if e.Outcome != simulate.Dropped || e.Reason != simulate.Retries || !e.MaybeStored || e.Tries != 3 || e.Took != 5*time.Second {
				t.Errorf("entry %+v", e)
			}
		}
		if a := ledger.Answers(); a.Count != 3 || a.Max != 5*time.Second || a.Quantile(0.5) != 5*time.Second {
			t.Errorf("%d answers, at most %s", a.Count, a.Max)
		}
	})
}

// While connects fail, Logplex keeps what is in its buffer, and five minutes after the last success no more than the ten newest lines.
func TestTheBufferShrinksAfterFiveMinutesWithoutSuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 1, Lines: 400, Ledger: &ledger, Dial: drain.dial})
		time.AfterFunc(time.Second/2, func() { drain.setDown(true) })
		time.AfterFunc(290*time.Second, func() {
			if n := ledger.Tally().Dropped; n != 0 {
				t.Errorf("%d lines were dropped before five minutes", n)
			}
		})
		time.AfterFunc(390*time.Second, func() { drain.setDown(false) })
		// The drain closes the connection, so that Logplex has to connect again.
		drain.answer = func(_ int, w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }
		run(t, l, subscription("d.1"))
		tally := ledger.Tally()
		if tally.Made != 400 || tally.DroppedFor[simulate.Shrunk] < 280 || tally.Dropped != 400-tally.Acknowledged {
			t.Errorf("tally %+v", tally)
		}
		told := 0
		for _, p := range drain.received() {
			told += reported(t, p)
		}
		if told != tally.Dropped || tally.MaybeStored != 0 {
			t.Errorf("%d of %d dropped lines are reported, %d may be stored", told, tally.Dropped, tally.MaybeStored)
		}
	})
}

func TestAnUnreachableDrainEndsARunIfWanted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		drain.setDown(true)
		var last delivery.Result
		l := simulate.NewLogplex(&numbered{}, simulate.Options{
			Lines: 1, DropUnreachable: true, Dial: drain.dial, Report: func(_ simulate.Subscription, r delivery.Result) { last = r },
		})
		run(t, l, subscription("d.1"))
		if !last.Lost || last.Tries != 3 || last.Err == nil {
			t.Errorf("result %+v", last)
		}
	})
}

func TestAnEndedRunLeavesWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		defer end()
		var ledger simulate.Ledger
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 1, Ledger: &ledger, Dial: drain.dial})
		l.Subscribe([]simulate.Subscription{subscription("d.1")})
		l.Run(ctx)
		if tally := ledger.Tally(); tally.Made != 3 || tally.Sent != 1 || tally.Waiting != 2 {
			t.Errorf("tally %+v", tally)
		}
	})
}

func TestTakingLeavesWhatIsOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		var ledger simulate.Ledger
		run(t, simulate.NewLogplex(&numbered{}, simulate.Options{Lines: 50, Ledger: &ledger, Dial: drain.dial}), subscription("d.1"))
		if n := len(ledger.Take()); n != 50 {
			t.Errorf("took %d entries", n)
		}
		if n := len(slices.Collect(ledger.All())); n != 0 || ledger.Tally().Made != 50 {
			t.Errorf("%d entries are left, tally %+v", n, ledger.Tally())
		}
	})
}

// Logplex closes a connection that was idle for 144 seconds.
func TestConnectionsAreKeptAlive(t *testing.T) {
	t.Parallel()
	for between, want := range map[time.Duration]int{140 * time.Second: 1, 150 * time.Second: 4} {
		synctest.Test(t, func(t *testing.T) {
			drain, end := newMemoryDrain(nil)
			defer end()
			l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 1 / between.Seconds(), Lines: 4, Dial: drain.dial})
			run(t, l, subscription("d.1"))
			if drain.connects != want {
				t.Errorf("%d connections for lines that are %s apart, want %d", drain.connects, between, want)
			}
		})
	}
}

// A drain that closes idle connections first costs Logplex a try.
func TestAClosedConnectionCostsATry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(nil)
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&numbered{}, simulate.Options{Rate: 0.1, Lines: 3, Ledger: &ledger, Dial: drain.dialOnce})
		run(t, l, subscription("d.1"))
		if tally := ledger.Tally(); tally.Acknowledged != 3 || tally.Tries != 5 || tally.Answers[0] != 2 {
			t.Errorf("tally %+v", tally)
		}
	})
}
