package simulate_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// played returns the lines of a scenario's batches.
func played(seed uint64, sc simulate.Scenario, end time.Time) []string {
	var all []string
	for _, b := range simulate.New("shop", seed).Batches(sc, end) {
		for _, m := range b.Messages {
			all = append(all, string(m))
		}
	}
	return all
}

func TestScenariosHaveTheLinesOfTheirProblem(t *testing.T) {
	problems := map[string]string{
		"h12-storm":     `host heroku router - at=error code=H12 desc="Request timeout" method=GET path="/\S+" .* service=30000ms status=503 `,
		"r14":           `host heroku web\.1 - Error R14 \(Memory quota exceeded\)\n$`,
		"slow":          `host heroku router - at=info method=GET .* service=\d{4,5}ms status=200 `,
		"deploy-breaks": `host heroku router - at=error code=H10 desc="App crashed" .* dyno= connect= service= status=503 bytes= `,
		"l10":           `host heroku logplex - Error L10 \(output buffer overflow\): \d+ messages dropped since `,
		"db-full":       `host app heroku-postgres - source=DATABASE .*sample#connections-percentage-used=(0\.9|1\.0)\d+ `,
		"silence":       `host heroku router - at=info `,
	}
	for _, sc := range simulate.Scenarios() {
		pattern, known := problems[sc.Name]
		if !known {
			t.Errorf("%s is not tested", sc.Name)
			continue
		}
		found := 0
		for _, message := range played(1, sc, noon) {
			if regexp.MustCompile(pattern).MatchString(message) {
				found++
			}
		}
		if found < 3 {
			t.Errorf("%s has only %d lines like %s", sc.Name, found, pattern)
		}
	}
}

func TestScenariosAreLogsOfTheLastMinutes(t *testing.T) {
	for _, sc := range simulate.Scenarios() {
		var newest, last time.Time
		for _, message := range played(1, sc, noon) {
			fields := line.FindStringSubmatch(message)
			if fields == nil {
				t.Fatalf("%s: not a line of Heroku's: %q", sc.Name, message)
			}
			at, err := time.Parse(time.RFC3339Nano, fields[2])
			if err != nil || at.After(noon.Add(time.Millisecond)) || noon.Sub(at) > 15*time.Minute+time.Second {
				t.Errorf("%s: %q is not of the last 15 minutes: %v", sc.Name, message, err)
			}
			// The times of add-ons and L10 are in whole seconds.
			if at.Truncate(time.Second).Before(last.Truncate(time.Second).Add(-time.Second)) {
				t.Errorf("%s: %q is older than the line before", sc.Name, message)
			}
			last = at
			if at.After(newest) {
				newest = at
			}
		}
		if since := noon.Sub(newest); (since > 10*time.Second) != (sc.Name == "silence") {
			t.Errorf("%s: the newest line is %s old", sc.Name, since)
		}
	}
}

func TestScenariosHaveRealisticBatches(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range simulate.Scenarios() {
		batches := simulate.New("shop", 1).Batches(sc, noon)
		if sc.Name == "h12-storm" && len(batches) < 3 {
			t.Errorf("%s has %d batches: a storm is in several", sc.Name, len(batches))
		}
		for _, b := range batches {
			if n := framed(b.Messages); n == 0 || n > delivery.MaxBytes {
				t.Errorf("%s: a batch of %d bytes", sc.Name, n)
			}
			if seen[b.FrameID] {
				t.Errorf("%s: two batches have the frame id %s, as if one were a retry", sc.Name, b.FrameID)
			}
			seen[b.FrameID] = true
		}
	}
}

func TestTheSameSeedPlaysTheSameScenario(t *testing.T) {
	for _, sc := range simulate.Scenarios() {
		var without [3][]string // times
		for i, seed := range []uint64{7, 7, 8} {
			for _, message := range played(seed, sc, noon.Add(time.Duration(i)*time.Hour)) {
				without[i] = append(without[i], lineTime.ReplaceAllString(message, "TIME"))
			}
		}
		if diff := cmp.Diff(without[0], without[1]); diff != "" {
			t.Errorf("%s (-first +again):\n%s", sc.Name, diff)
		}
		if slices.Equal(without[0], without[2]) {
			t.Errorf("%s is the same with another seed", sc.Name)
		}
	}
}

// matched returns how many lines each default rule matched.
func matched(rules *alert.Set, messages []string) map[string]int {
	m := rules.Matcher("shop")
	m.Begin("", "")
	for _, message := range messages {
		l := logformat.Parse(logplex.Frame{Message: []byte(message)})
		l.Clean(logformat.KeepANSI)
		m.Line(&l)
	}
	counts := map[string]int{}
	for r := m.Report(); r != nil; r = m.Report() {
		for _, hit := range r.Hits {
			for _, c := range hit.Counts {
				counts[hit.Rule] += c.Lines
			}
		}
	}
	return counts
}

// Each scenario has enough lines for its rules, and none for others.
func TestScenariosFireTheirRules(t *testing.T) {
	if testing.Short() {
		t.Skip("plays each scenario 20 times, in one goroutine: it has nothing for the race detector")
	}
	want := map[string][]string{
		"h12-storm":     {"H12"},
		"r14":           {"R14"},
		"slow":          {"slow-requests"},
		"deploy-breaks": {"H10", "H12", "dyno-crashed"},
		"l10":           {"L10"},
		"db-full":       {"database-connection", "postgres-connections"},
		"silence":       nil, // an app that is silent has no lines
	}
	rules := alert.Defaults()
	for _, sc := range simulate.Scenarios() {
		for seed := range uint64(20) {
			var fired []string
			counts := matched(rules, played(seed, sc, noon))
			for _, name := range slices.Sorted(maps.Keys(counts)) {
				if r, _ := rules.Rule("shop", name); counts[name] >= r.Threshold {
					fired = append(fired, name)
				}
			}
			if diff := cmp.Diff(want[sc.Name], fired); diff != "" {
				t.Errorf("%s, seed %d: %v (-want +got):\n%s", sc.Name, seed, counts, diff)
			}
		}
	}
}

func TestMixes(t *testing.T) {
	rules := alert.Defaults()
	g := simulate.New("shop", 1)
	g.Use(simulate.Calm)
	if counts := matched(rules, lines(g, 20_000)); len(counts) > 0 {
		t.Errorf("calm lines match %v", counts)
	}
	g.Use(simulate.Timeouts)
	if counts := matched(rules, lines(g, 100)); len(counts) != 1 || counts["H12"] < 50 || counts["H12"] > 95 {
		t.Errorf("of 100 lines of a storm, %v match", counts)
	}
	g.Use(simulate.Everything)
	if counts := matched(rules, lines(g, 20_000)); len(counts) < 5 {
		t.Errorf("all kinds of lines match %v", counts)
	}
}
