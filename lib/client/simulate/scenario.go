package simulate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/logplex"
)

// Scenario is a problem of the imaginary app, as its log shows it: lines that make an alert rule fire, among ordinary ones.
type Scenario struct {
	Name    string
	Summary string // what happens, in a few words

	write func(s *story)
}

// Scenarios returns all scenarios.
func Scenarios() []Scenario {
	return []Scenario{
		{Name: "h12-storm", Summary: "requests time out for a minute and a half", write: timeoutStorm},
		{Name: "r14", Summary: "a dyno exceeds its memory quota, for four minutes", write: memoryLeak},
		{Name: "slow", Summary: "requests take 6 to 20 seconds, for two minutes", write: slowRequests},
		{Name: "deploy-breaks", Summary: "a release crashes: H10 and H12 follow it", write: brokenDeploy},
		{Name: "l10", Summary: "Logplex drops lines of this drain", write: droppedLines},
		{Name: "db-full", Summary: "the database runs out of connections", write: fullDatabase},
		{Name: "silence", Summary: "the last line is 12 minutes old; needs a silence rule", write: silence},
	}
}

// story collects the lines of a scenario.
type story struct {
	g     *Generator
	end   time.Time
	lines []storyLine
}

type storyLine struct {
	at      time.Time
	message []byte
}

// tell adds the lines of an event that happened so long before the end.
func (s *story) tell(before time.Duration, event func(g *Generator, at time.Time) [][]byte) {
	at := s.end.Add(-before)
	for _, message := range event(s.g, at) {
		s.lines = append(s.lines, storyLine{at: at, message: message})
	}
}

// repeat adds an event every so often in a period, which is given by how long before the end it begins and ends.
func (s *story) repeat(from, until, every time.Duration, event func(g *Generator, at time.Time) [][]byte) {
	for before := from; before > until; before -= every {
		jitter := time.Duration(s.g.rng.Int64N(int64(every / 2)))
		s.tell(before-jitter, event)
	}
}

// sample adds an event at exact intervals, as samples of metrics have them.
func (s *story) sample(from, until, every time.Duration, event func(g *Generator, at time.Time) [][]byte) {
	for before := from; before >= until; before -= every {
		s.tell(before, event)
	}
}

// batchLines is the number of lines in a batch of a scenario: few enough that the lines of a problem are in several batches.
const batchLines = 40

// Batches returns the lines of a scenario that ended at a time, the oldest first.
func (g *Generator) Batches(sc Scenario, end time.Time) []delivery.Batch {
	s := &story{g: g, end: end}
	sc.write(s)
	slices.SortStableFunc(s.lines, func(a, b storyLine) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	var batches []delivery.Batch
	size := 0
	for _, l := range s.lines {
		framed := len(logplex.AppendFrame(nil, l.message))
		last := len(batches) - 1
		if last < 0 || len(batches[last].Messages) == batchLines || size+framed > delivery.MaxBytes {
			id := delivery.FrameID(fmt.Sprintf("%s %s %d %d", g.token, sc.Name, end.UnixNano(), len(batches)))
			batches, size = append(batches, delivery.Batch{FrameID: id}), 0
			last++
		}
		batches[last].Messages = append(batches[last].Messages, l.message)
		size += framed
	}
	return batches
}

// Play sends the lines of a scenario that ends now, as fast as the drain responds, and calls report after each batch. It returns early when ctx
// ends, with its error and the totals so far.
func Play(ctx context.Context, g *Generator, s Poster, sc Scenario, report func(delivery.Result)) (Totals, error) {
	var totals Totals
	for _, batch := range g.Batches(sc, time.Now()) {
		r, err := s.Send(ctx, batch)
		if err != nil {
			return totals, err
		}
		totals.Add(r)
		report(r)
	}
	return totals, nil
}
