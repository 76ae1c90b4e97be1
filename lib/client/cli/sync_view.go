package cli

import (
	"fmt"
	"strings"

	"heroku-drains/lib/client/fleet"
)

// stepView is a step, and what came of it.
type stepView struct {
	fleet.Step
	Result string `json:"result,omitempty"`
}

// change is a step in words.
func (r *syncRun) change(step fleet.Step) string {
	verb := string(step.Action)
	if step.Action == fleet.Orphan {
		verb = "delete"
		if !r.command.KeepLogs {
			verb += " with its logs"
		}
	}
	return fmt.Sprintf("%s %s: %s", verb, step.App, strings.Join(step.Reasons, "; "))
}

// preview shows the plan, and of an orphan whether it would stay.
func (r *syncRun) preview() error {
	r.results = map[string]string{}
	for _, step := range r.plan.Steps {
		if step.Action == fleet.Orphan && r.command.Prune {
			r.results[step.App] = "to be deleted"
			if !r.command.KeepLogs {
				r.results[step.App] += " with its logs"
			}
		}
	}
	if r.flags.Output != "json" {
		r.Note("Dry run: nothing is changed.")
	}
	return r.print()
}

// print shows a step per line: the action and why, and what came of it.
func (r *syncRun) print() error {
	steps := make([]stepView, len(r.plan.Steps))
	for i, step := range r.plan.Steps {
		steps[i] = stepView{step, r.results[step.App]}
		if step.Action == fleet.Skip {
			steps[i].Result = "skipped"
		}
	}
	if r.flags.Output == "json" {
		answer := map[string]any{"data": map[string]any{"unchanged": r.plan.Fine, "steps": steps}}
		if r.command.DryRun {
			answer["dry_run"] = true
		}
		return r.PrintJSON(answer)
	}
	var rows [][]string
	for _, step := range steps {
		rows = append(rows, []string{step.App, string(step.Action), orNone(step.Result), masked(strings.Join(step.Reasons, "; "))})
	}
	return r.PrintTable([]string{"APP", "ACTION", "RESULT", "WHY"}, rows)
}

// errorText is an error for a table or a JSON object.
func errorText(err error) string { return masked(err.Error()) }
