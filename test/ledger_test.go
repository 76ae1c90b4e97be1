package e2e_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"heroku-drains/lib/client/daily"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// ledger adds up what the ledger says of an app yesterday and today.
func (s *system) ledger(app string) ledger.Entry {
	s.t.Helper()
	r := daily.Reader{
		Client: s.logs, Wait: func(_ context.Context, d time.Duration) error { s.AWS.Advance(d); return nil },
		Groups: []string{stack.FunctionLogGroup(stack.LocalStorageFunction), stack.FunctionLogGroup(stack.LocalDrainsFunction)},
	}
	s.AWS.Advance(2 * time.Second) // queries find lines late
	days, err := r.Read(s.t.Context(), s.AWS.Now(), 2)
	localtest.Must(s.t, err)
	var sum ledger.Entry
	for _, day := range days {
		if day.App != app {
			s.t.Fatalf("the ledger has lines of %s: %+v", day.App, day)
		}
		sum.Add(day.Entry)
	}
	return sum
}

// The ledger says what Logplex knows of its lines, through the real functions, while puts fail and POSTs are refused: each line that was
// acknowledged is taken, once or more; each one has one fate; and what Logplex says it lost is what it dropped.
func TestLedgerAddsUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	now := s.AWS.Now().UTC()
	s.AWS.Advance(now.Truncate(24 * time.Hour).Add(24*time.Hour - time.Minute).Sub(now)) // so that the lines are stored on two days
	d := s.put("shop", drain.Patch{})
	remove := s.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Rate: 0.3, Status: http.StatusBadRequest, Code: "AccessDeniedException"})
	defer remove()
	// The first POSTs are answered with 503 until Logplex gives them up.
	s.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Times: 6, Status: http.StatusServiceUnavailable})
	sent := &simulate.Ledger{}
	l := simulate.NewLogplex(simulate.New("shop", 1), simulate.Options{Nodes: 2, Lines: 3000, Ledger: sent})
	l.Subscribe([]simulate.Subscription{{URL: d.DrainURL, Token: "d.0a1b2c3d-0000-4000-8000-000000000001"}})
	l.Run(t.Context())
	was := sent.Tally()
	acknowledged := was.Acknowledged + was.Losses
	if was.Dropped == 0 || was.Losses == 0 || acknowledged == 0 {
		t.Fatalf("no line was lost, or none arrived: %+v", was)
	}
	localtest.Eventually(t, "each message was received", func() bool {
		left := s.AWS.Backlog(stack.DefaultQueuePrefix + "shop")
		return left.Visible == 0 && left.Taken == 0
	})
	remove() // a message that failed five times would become a dead letter
	s.drained("shop")
	var got ledger.Entry
	stored := len(localtest.StoredLines(t, s.AWS, "shop"))
	localtest.Eventually(t, "the last batch is in the ledger", func() bool {
		got = s.ledger("shop")
		return got.Stored >= stored
	})
	if got.Unaccounted() != 0 || got.Stored != stored || got.Taken != got.Stored+got.Duplicates+got.Returned || got.Rejected+got.Malformed+got.Miscounted > 0 {
		t.Errorf("%d lines are stored; the ledger says %+v", stored, got)
	}
	// A try whose answer is late may be stored, too, with a line about losses of its own.
	reported, inStream := 0, 0 // by Logplex, and by stored lines
	for e := range sent.All() {
		if e.Outcome == simulate.Acknowledged {
			reported += lostIn(t, string(e.Raw))
		}
	}
	for _, e := range localtest.StoredLines(t, s.AWS, "shop") {
		inStream += lostIn(t, *e.Message)
	}
	if reported != was.Dropped || got.L10 != inStream || got.L10 < reported {
		t.Errorf("Logplex dropped %d lines and reported %d; %d are in the stream; the ledger says %d", was.Dropped, reported, inStream, got.L10)
	}
}

// overflow matches L10 lines that do not name a drain, as Heroku sends them and as they are stored.
var overflow = regexp.MustCompile(`^(?:\S+ \S+ host heroku logplex -|heroku\[logplex\]:) Error L10 \(output buffer overflow\): (\d+) messages dropped`)

// lostIn reads how many lines of the drain a line reports as dropped.
func lostIn(t *testing.T, line string) int {
	t.Helper()
	found := overflow.FindStringSubmatch(line)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	localtest.Must(t, err)
	return n
}
