package doctor

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/stack"
)

// deadLetters checks that there are no dead letters, of the app or of any app.
func (e examiner) deadLetters(ctx context.Context, queue deadletters.Queue) []Finding {
	found, err := queue.List(ctx, deadletters.SampleLimit)
	if err != nil {
		fix := "the stack's output " + stack.OutputDeadLetterQueue + " must be the URL of this queue: deploy the stack again"
		return []Finding{e.failed(Finding{Check: CheckDeadLetters, Fix: fix}, "read the dead letters", err)}
	}
	counts, n := found.ByApp(), found.Total
	if e.App != "" {
		n = counts[e.App]
	}
	if n == 0 {
		return nil
	}
	what := "1 message could not be stored and is a dead letter"
	if n > 1 {
		what = fmt.Sprintf("%d messages could not be stored and are dead letters", n)
	}
	if e.App == "" {
		what += countsText(counts)
	}
	if !found.Complete() {
		what += fmt.Sprintf("; only %d of %d were read", len(found.Letters), found.Total)
	}
	return []Finding{{
		Severity: Error, Check: CheckDeadLetters, App: e.App, What: what,
		Fix: fmt.Sprintf("find the cause in the storage function's log and fix it, then run %s (%s shows the messages)",
			e.Command("redrive"), e.Command("redrive --list")),
	}}
}

// countsText returns counts by app in words, such as " (1 of an unknown app, 2 of shop)".
func countsText(counts map[string]int) string {
	var parts []string
	for _, app := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d of %s", counts[app], cmp.Or(app, "an unknown app")))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
