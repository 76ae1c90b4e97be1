package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/simulate"
)

// maxNodes limits --nodes: more than the POSTs that a program can usefully send at a time.
const maxNodes = 1000

// buffered reports whether the lines go through the buffers of Logplex or log-shuttle.
func (c *simulateCmd) buffered() bool { return c.Nodes != nil || c.Space }

// runLogplex sends lines according to the plan through Logplex nodes or log-shuttles, and calls report after each batch.
func (c *simulateCmd) runLogplex(ctx context.Context, g *simulate.Generator, ledger *simulate.Ledger, d simulate.Subscription, p simulate.Plan,
	report func(delivery.Result),
) (simulate.Totals, error) {
	var mu sync.Mutex
	var totals simulate.Totals
	options := simulate.Options{
		Rate: p.Rate, Lines: p.Lines, Duration: p.Duration, Ledger: ledger, DropUnreachable: true,
		Report: func(_ simulate.Subscription, r delivery.Result) {
			mu.Lock()
			defer mu.Unlock()
			totals.Add(r)
			report(r)
		},
	}
	if c.Nodes != nil {
		options.Nodes = *c.Nodes
	}
	if c.Space {
		options.Mode = simulate.Space
	}
	l := simulate.NewLogplex(g, options)
	l.Subscribe([]simulate.Subscription{d})
	l.Run(ctx)
	if t := ledger.Tally(); t.DroppedFor[simulate.Overflow] > 0 { // in no batch
		totals.Lines += t.DroppedFor[simulate.Overflow]
		totals.LostLines += t.DroppedFor[simulate.Overflow]
	}
	return totals, ctx.Err()
}

// ledgerData returns a ledger's sums for --output json.
func ledgerData(ledger *simulate.Ledger) map[string]any {
	t, answers := ledger.Tally(), ledger.Answers()
	dropped := t.DroppedFor
	if dropped == nil {
		dropped = map[simulate.Reason]int{}
	}
	milliseconds := func(d time.Duration) float64 {
		return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
	}
	return map[string]any{
		"made": t.Made, "acknowledged": t.Acknowledged, "dropped": dropped, "maybe_stored": t.MaybeStored, "open": t.Waiting + t.Sent,
		"response_ms": map[string]float64{
			"p50": milliseconds(answers.Quantile(0.5)), "p99": milliseconds(answers.Quantile(0.99)),
			"p99.9": milliseconds(answers.Quantile(0.999)), "max": milliseconds(answers.Max),
		},
	}
}

// ledgerText returns a ledger's sums as a sentence or two.
func ledgerText(ledger *simulate.Ledger) string {
	t, answers := ledger.Tally(), ledger.Answers()
	parts := []string{fmt.Sprintf("%d acknowledged", t.Acknowledged)}
	for _, why := range slices.Sorted(maps.Keys(t.DroppedFor)) {
		parts = append(parts, fmt.Sprintf("%d dropped (%s)", t.DroppedFor[why], reasonText(why)))
	}
	if open := t.Waiting + t.Sent; open > 0 {
		parts = append(parts, fmt.Sprintf("%d not sent or not answered", open))
	}
	text := fmt.Sprintf("Of %s made, %s.", plural.Count(t.Made, "line"), strings.Join(parts, ", "))
	if t.MaybeStored > 0 {
		text += fmt.Sprintf(" The drain may have stored %d of those dropped.", t.MaybeStored)
	}
	if answers.Count == 0 {
		return text
	}
	round := func(d time.Duration) time.Duration {
		return d.Round(max(d/100, time.Microsecond)).Round(10 * time.Microsecond)
	}
	return text + fmt.Sprintf(" Responses took %s (p50), %s (p99), at most %s.",
		round(answers.Quantile(0.5)), round(answers.Quantile(0.99)), round(answers.Max))
}

// reasonText says why lines were dropped.
func reasonText(why simulate.Reason) string {
	switch why {
	case simulate.Overflow:
		return "the buffer was full"
	case simulate.Shrunk:
		return "the buffer shrank after 5 minutes without success"
	case simulate.NotRepeated:
		return "an error response that is not repeated"
	case simulate.Retries:
		return "all tries failed"
	}
	return string(why)
}
