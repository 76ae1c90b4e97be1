package doctor

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/stack"
)

// deadLetters checks that there are no dead letters, of the app or of any app. conns are the drains that dead letters can be moved back to.
func (e examiner) deadLetters(ctx context.Context, queue deadletters.Queue, conns []connect.Connection) []Finding {
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
		Fix: fmt.Sprintf("find the cause in the storage function's log and fix it, %sthen run %s (%s shows the messages)",
			e.beforeRedrive(counts, conns), e.Command("redrive"), e.Command("redrive --list")),
	}}
}

// maxCreated is how many drains a fix creates by name: the others are created likewise.
const maxCreated = 3

// beforeRedrive says what to do about letters that a redrive cannot move, because their apps have no queue or are unknown. It ends with ", ", or is
// empty.
func (e examiner) beforeRedrive(counts map[string]int, conns []connect.Connection) string {
	var gone []string
	for _, app := range slices.Sorted(maps.Keys(counts)) {
		hasQueue := slices.ContainsFunc(conns, func(conn connect.Connection) bool { return conn.App == app && conn.Queue != nil })
		if app != "" && !hasQueue && !e.unlisted && (e.App == "" || e.App == app) {
			gone = append(gone, app)
		}
	}
	steps := ""
	for i, app := range gone {
		if i == maxCreated {
			steps += fmt.Sprintf("do the same for %s, ", strings.Join(gone[i:], ", "))
			break
		}
		steps += fmt.Sprintf("create the drain of %s again with %s (or only save its dead letters: %s), ",
			app, e.Command("put -a %s", app), e.Command("redrive -a %s --save %s", app, app+"-dead-letters.jsonl"))
	}
	if counts[""] > 0 && e.App == "" {
		steps += fmt.Sprintf("save and discard what cannot be opened with %s, ", e.Command("redrive --discard unreadable --save unreadable.jsonl"))
	}
	return steps
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
