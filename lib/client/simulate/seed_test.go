package simulate_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
)

// lineTime matches the times in a line: its own, and in L10 that of the loss.
var lineTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+\+00:00`)

// batched returns n lines from batches, without their times, and the sizes of the batches in bytes.
func batched(g *simulate.Generator, n int, at time.Time, step time.Duration, lines, size int) (all []string, sizes []int) {
	for len(all) < n {
		b := g.Batch(at, min(lines, n-len(all)), size)
		at = at.Add(step)
		for _, m := range b.Messages {
			all = append(all, lineTime.ReplaceAllString(string(m), "TIME"))
		}
		sizes = append(sizes, framed(b.Messages))
	}
	return all, sizes
}

func TestTheSameSeedMakesTheSameBatches(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 100,000 lines, one after the other: it has nothing for the race detector")
	}
	const n = 20_000
	lines, sizes := batched(simulate.New("shop", 7), n, noon, 37*time.Millisecond, delivery.MaxLines, 5_000)
	for name, at := range map[string]time.Time{
		"a full second":            time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		"a full millisecond":       time.Date(2031, 1, 2, 3, 4, 5, 120_000_000, time.UTC),
		"the end of a millisecond": time.Date(2026, 11, 22, 12, 0, 0, 999_999_999, time.UTC),
		"any time":                 time.Date(2026, 11, 22, 1, 2, 3, 456_789_012, time.UTC),
	} {
		again, sizesAgain := batched(simulate.New("shop", 7), n, at, 11*time.Millisecond, delivery.MaxLines, 5_000)
		if diff := cmp.Diff(sizes, sizesAgain); diff != "" {
			t.Errorf("%s: sizes (-first +again):\n%s", name, diff)
		}
		if !cmp.Equal(lines, again) {
			t.Errorf("%s: the lines differ", name)
		}
	}
}

func TestLinesDoNotDependOnTheBatches(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 20,000 lines, one after the other: it has nothing for the race detector")
	}
	const n = 5_000
	lines, _ := batched(simulate.New("shop", 7), n, noon, time.Second, delivery.MaxLines, delivery.MaxBytes)
	for _, most := range []int{1, 3, 1000} {
		again, _ := batched(simulate.New("shop", 7), n, noon, time.Millisecond, most, 700)
		if diff := cmp.Diff(lines, again); diff != "" {
			t.Fatalf("at most %d lines a batch (-first +again):\n%s", most, diff)
		}
	}
}

// TestNoTimeIsAtAFullMillisecond guards the size of batches: a time at a full millisecond would have a length that depends on the clock.
func TestNoTimeIsAtAFullMillisecond(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 200 full batches, one after the other: it has nothing for the race detector")
	}
	full := regexp.MustCompile(`:\d\d(\.\d{1,3})?\+00:00`)
	g := simulate.New("shop", 7)
	for range 200 {
		for _, m := range g.Batch(noon, delivery.MaxLines, delivery.MaxBytes).Messages {
			fields := line.FindSubmatch(m)
			inSeconds := string(fields[1]) == "134" || string(fields[1]) == "172" // add-ons and L10
			if !inSeconds && full.Match(fields[2]) {
				t.Fatalf("%s", m)
			}
		}
	}
}
