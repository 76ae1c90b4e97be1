package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// log writes lines of a function's log.
func (s *system) log(function string, lines ...string) {
	s.t.Helper()
	out := s.AWS.FunctionLog(function)
	for _, line := range lines {
		_, err := fmt.Fprintln(out, line)
		localtest.Must(s.t, err)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	localtest.AwayFromMidnight(t)
	batch := func(app, counts string) string {
		return fmt.Sprintf(`{"timestamp":"…","level":"INFO","message":"batch done","app":%q,"messages":3,%s}`, app, counts)
	}
	s.log(stack.LocalStorageFunction,
		batch("shop", `"posts":3,"copies":1,"taken":120,"stored":100,"blank":5,"dropped":10,"rejected":2,"duplicates":3,"l10":7,"lag_ms":1500`),
		batch("shop", `"posts":1,"taken":20,"stored":20,"unclaimed":2,"unmarked":1,"lag_ms":300`),
		batch("shop-staging", `"posts":1,"taken":2,"stored":2`),
		batch("blog", `"posts":1,"taken":5,"stored":4`)) // a counter is wrong
	s.log(stack.LocalDrainsFunction, `{"level":"WARN","message":"POST rejected","app":"shop","status":404,"lines":12}`)
	s.AWS.Advance(2 * time.Second) // queries find what is a second old

	day := s.AWS.Now().UTC().Format(time.DateOnly)
	got := s.must("ledger", "-a", "shop")
	want := "DAY         APP   POSTS  COPIES  TAKEN  STORED  BLANK  DROPPED  REJECTED  DUPLICATES  LOST  L10  REFUSED  UNCLAIMED  UNMARKED  LAG\n" +
		day + "  shop  4      1       140    120     5      10       2         3           9     7    1        2          1         1.5s\n"
	if got.stdout != want || got.stderr != "Adding up the last 7 days…\n" {
		t.Errorf("stdout:\n%s\nwant:\n%s\nstderr: %s", got.stdout, want, got.stderr)
	}

	got = s.must("ledger", "--days", "1")
	for _, text := range []string{day + "  blog ", day + "  shop ", day + "  shop-staging ", "\ntotal "} {
		wantIn(t, "stdout", got.stdout, text)
	}
	wantIn(t, "stderr", got.stderr, day+" does not add up for blog: 5 lines taken, and 4 accounted for.")

	if lines := strings.Count(s.must("ledger", "shop*").stdout, "\n"); lines != 4 { // the heading, two apps, the total
		t.Errorf("%d lines", lines)
	}

	var shown struct {
		Data struct {
			From  string
			Days  []map[string]any
			Total map[string]any
		}
	}
	localtest.Must(t, json.Unmarshal([]byte(s.must("ledger", "--output", "json", "--days", "14").stdout), &shown))
	if d := shown.Data; len(d.Days) != 3 || d.Days[1]["app"] != "shop" || d.Days[1]["lost"] != 9.0 || d.Days[1]["moved"] != 0.0 ||
		d.Total["taken"] != 147.0 || d.Total["unaccounted"] != 1.0 || d.From != s.AWS.Now().UTC().AddDate(0, 0, -13).Format(time.DateOnly) {
		t.Errorf("%+v", shown)
	}

	got = s.must("ledger", "nope")
	if got.stdout != "" {
		t.Errorf("stdout: %s", got.stdout)
	}
	wantIn(t, "stderr", got.stderr, "There are no lines of nope since ")
	for _, days := range []string{"0", "15"} {
		wantIn(t, "stderr", command(t, nil, s.local("ledger", "--days", days)...).stderr, "--days must be 1 to 14")
	}
}

// get says what became of the lines of today.
func TestGetShowsToday(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	localtest.AwayFromMidnight(t)
	s.must("put", "-a", "shop", "--no-heroku")
	wantIn(t, "stdout", s.must("get", "-a", "shop").stdout, "\nToday         no lines since midnight (UTC)\n")
	s.log(stack.LocalStorageFunction,
		`{"message":"batch done","app":"shop","posts":3,"taken":120,"stored":100,"blank":5,"rejected":15,"l10":7,"lag_ms":1500}`)
	s.log(stack.LocalStorageFunction, `{"message":"batch done","app":"shop","taken":11,"returned":11}`) // they are among the 120
	s.AWS.Advance(2 * time.Second)
	wantIn(t, "stdout", s.must("get", "-a", "shop").stdout,
		"\nToday         100 lines stored of 120 in 3 POSTs, 5 blank, 15 rejected, 7 L10; 11 lines put back for another try; 22 lost\n")
	s.must("put", "-a", "blog", "--no-heroku")
	s.log(stack.LocalStorageFunction, `{"message":"batch done","app":"blog","posts":1,"taken":2,"stored":1,"duplicates":1,"lag_ms":1500}`)
	s.AWS.Advance(2 * time.Second)
	wantIn(t, "stdout", s.must("get", "-a", "blog").stdout, "\nToday         1 line stored of 2 in 1 POST, 1 duplicate\n")
	wantIn(t, "stdout", s.must("ledger", "-a", "shop", "--days", "1").stdout, " POSTS  TAKEN  STORED  BLANK  REJECTED  LOST  L10  RETURNED  LAG\n", "3      120    100     5      15        22    7    11        1.5s")
	wantIn(t, "stdout", s.must("get", "-a", "shop", "--output", "json").stdout, `"lost": 22`)
}
