package simulate_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
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

// A calm app has none of the lines that report a problem.
func TestCalmTrafficHasNoErrors(t *testing.T) {
	g := simulate.New("shop", 1)
	g.Use(simulate.Calm)
	problem := regexp.MustCompile(`at=error|at=warning|code=H\d\d desc|Error [HRL]\d\d|status=5\d\d|service=\d{5}`)
	for _, message := range lines(g, 20_000) {
		if problem.MatchString(message) {
			t.Fatal(message)
		}
	}
	g.Use(simulate.Timeouts)
	storm := strings.Join(lines(g, 100), "")
	if n := strings.Count(storm, "at=error code=H12 "); n < 50 || n > 95 {
		t.Errorf("%d of 100 lines of a storm are H12", n)
	}
}
