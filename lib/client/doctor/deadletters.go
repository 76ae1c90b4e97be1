package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/stack"
)

// DeadLetters counts what could not be stored; of one app, when there is one.
func (d Doctor) DeadLetters(ctx context.Context, queue deadletters.Queue, app string) []Finding {
	found, err := queue.List(ctx, deadletters.SampleLimit)
	if err != nil {
		return []Finding{failed("dead letters", "look for dead letters", err,
			"the stack's output "+stack.OutputDeadLetterQueue+" has to be this queue: deploy again")}
	}
	whose, n := found.ByApp(), found.Total
	if app != "" {
		n = whose[app]
	}
	if n == 0 {
		return nil
	}
	what := fmt.Sprintf("%d messages could not be stored, and are dead letters", n)
	if app == "" {
		what += whoseText(whose)
	}
	if !found.Complete() {
		what += fmt.Sprintf(", by a look at %d of %d", len(found.Letters), found.Total)
	}
	return []Finding{{Error, "dead letters", app, what,
		"the storage function's log says why; mend that, then " + d.command("redrive") + " (" + d.command("redrive --list") + " shows them)"}}
}

// whoseText is such as " (1 of no app, 2 of shop)".
func whoseText(whose map[string]int) string {
	var parts []string
	for _, app := range slices.Sorted(maps.Keys(whose)) {
		name := app
		if app == "" {
			name = "no app"
		}
		parts = append(parts, fmt.Sprintf("%d of %s", whose[app], name))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
