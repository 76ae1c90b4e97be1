package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/plural"
)

type syncCmd struct {
	Path     string `arg:"" optional:"" placeholder:"FILE" help:"The fleet file, or - for stdin."`
	File     string `short:"f" placeholder:"FILE" help:"The fleet file, or - for stdin."`
	Team     string `placeholder:"NAME" help:"Sync all apps of this Heroku team, instead of the team in the file."`
	Prune    bool   `help:"Delete drains that are not in the fleet, on both sides, with their stored logs."`
	KeepLogs bool   `help:"With --prune: keep the stored logs."`
	DryRun   bool   `help:"Show the plan, without changing anything."`
	Init     bool   `help:"Write a new fleet file of the drains that exist. Without FILE: to stdout."`

	MissingApps bool `help:"With --prune: also delete drains whose apps this Heroku account does not see."`
}

// Help is the verb's long help.
func (syncCmd) Help() string {
	return `Compares the fleet (the apps of a file, of a team, or of both) with the existing drains. Shows which drains it will create, change and
repair, and works on eight apps at a time. Each drain is verified with a test line. Drains that match the fleet are not touched, so if a sync
is interrupted, run it again to continue.

Drains that are not in the fleet are orphans: they are shown, and deleted only with --prune, which asks for the stack's name,
unless --confirm has it, or with --yes. Those of apps that this Heroku account does not
see also need --missing-apps: Heroku answers the same for a deleted app and for one of another account, whose lines it may still send. Apps
that match "exclude" are left alone. Apps of the Fir generation have no log drains, and are skipped.
A fleet without apps is an error: 'delete --all' deletes all drains.

A fleet file is YAML. Settings that it leaves out stay unchanged:

    team: acme                  # include every app of the team
    exclude: [playground, "review-*"]
    defaults: {format: json, ansi: strip}
    apps:
      shop: {batch_size: 100, batch_window_seconds: 5}
      blog:

Apps without settings of their own can be a list: apps: [shop, blog]. --init writes such a file of the drains that exist, with their settings.

Examples:

    heroku-drains-cli sync --init fleet.yaml
    heroku-drains-cli sync fleet.yaml --dry-run
    heroku-drains-cli sync --team acme
    heroku-drains-cli sync fleet.yaml --prune --keep-logs
    echo 'apps: [shop, blog]' | heroku-drains-cli sync -
    heroku-drains-cli sync fleet.yaml --dry-run --output json | jq -r '.data.steps[] | "\(.action) \(.app)"'`
}

// Run brings the drains in line with the fleet.
func (c *syncCmd) Run(ctx context.Context, s *session) error {
	if c.Init {
		return c.writeFile(ctx, s)
	}
	file, err := c.file(s)
	if err != nil {
		return err
	}
	both, err := s.Sides(ctx)
	if err != nil {
		return err
	}
	var account fleet.Account
	if both.Account != nil {
		account = both.Account
	} else if file.Team != "" {
		if s.HerokuUnreachable(ctx) {
			return usagef("listing a team's apps needs Heroku, which cannot reach a local system. %s", s.localHeroku("To try it", "shop"))
		}
		return usagef("listing a team's apps needs Heroku: leave out --no-heroku, or list the apps in the fleet file")
	}
	looking := "Checking the drains, and the apps at Heroku…"
	if both.Account == nil {
		looking = "Checking the drains…"
	}
	p := s.StartProgress("%s", looking)
	defer p.Stop()
	both.Progress = tallies{p}
	found, err := fleet.Survey(ctx, both.Connector, account, file)
	p.Stop()
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := c.checkPrune(s, file, found); err != nil {
		return err
	}
	plan := found.Plan()
	pruned := c.pruned(plan)
	var leaves []string
	if len(pruned) > 0 && (c.DryRun || !s.unasked()) {
		dead := s.countRemaining(ctx, both)
		for _, app := range pruned {
			for _, leave := range dead.leaves(s, app) {
				leaves = append(leaves, app+": "+leave)
			}
		}
	}
	if c.DryRun {
		return c.preview(s, plan, leaves)
	}
	changes := c.changes(plan)
	if len(changes) > 0 {
		takes := c.leastText(both.Connector, plan)
		deletes := len(pruned) > 0
		if !deletes || s.unasked() {
			s.Note("%s", strings.Join(changes, "\n"))
			if takes != "" {
				s.Note("This takes %s.", takes)
			}
		}
		if deletes { // what put would do needs no confirmation
			all := slices.Concat(changes, leaves)
			if takes != "" {
				all = append(all, "take "+takes)
			}
			if err := s.confirm(ctx, s.flags.Stack, all); err != nil {
				return err
			}
		}
		p = s.StartProgress("Syncing apps: %d…", len(changes)) // as Apply says
		defer p.Stop()
	}
	both.Waits = p.Waits
	done := fleet.Apply(ctx, both.Connector, plan, c.options(), plainProgress{p})
	p.Stop()
	if ctx.Err() != nil {
		return c.interrupted(ctx, s, done)
	}
	if err := c.print(s, plan, done); err != nil {
		return err
	}
	var deleted []string
	for _, d := range done {
		if d.Outcome == fleet.Deleted {
			deleted = append(deleted, d.App)
		}
	}
	if len(deleted) > 0 {
		s.countRemaining(ctx, both).noteWithoutDrain(s, deleted, "")
	}
	return c.summarize(s, plan, done)
}

// refuse says what to do instead of giving an app.
func (*syncCmd) refuse(s *session, flag *kong.Flag) error {
	if flag.Name != "app" {
		return nil
	}
	return usagef("sync works on many apps: leave out -a, or connect one app with %s", s.command("put -a %s", s.flags.App[0]))
}

func (c *syncCmd) options() fleet.Options {
	return fleet.Options{Prune: c.Prune, KeepLogs: c.KeepLogs, MissingApps: c.MissingApps}
}

// pruned returns the apps whose drains the plan deletes.
func (c *syncCmd) pruned(plan fleet.Plan) []string {
	var apps []string
	for _, step := range plan.Steps {
		if step.Action == fleet.Orphan && step.Due(c.options()) {
			apps = append(apps, step.App)
		}
	}
	return apps
}

// changes returns the changes that the plan makes, one per app.
func (c *syncCmd) changes(plan fleet.Plan) []string {
	var changes []string
	for _, step := range plan.Steps {
		if !step.Due(c.options()) {
			continue
		}
		change := string(step.Action) + " " + step.App
		if step.Action == fleet.Orphan {
			change = "delete " + step.App + ", and keep its logs"
			if !c.KeepLogs {
				change = "delete " + step.App + " with its logs"
			}
		}
		changes = append(changes, change+": "+masked(strings.Join(step.Reasons, "; ")))
	}
	return changes
}

// preview shows the plan, which orphans --prune would delete, and which dead letters that leaves. Apps that would be skipped although they should have a drain are an error.
func (c *syncCmd) preview(s *session, plan fleet.Plan, leaves []string) error {
	done := make([]fleet.Done, len(plan.Steps))
	for i, step := range plan.Steps {
		done[i].Step = step
		switch {
		case step.Action == fleet.Skip:
			done[i].Outcome = fleet.Skipped
		case !step.Due(c.options()):
		case step.Action == fleet.Orphan && c.KeepLogs:
			done[i].Outcome = "would be deleted"
		case step.Action == fleet.Orphan && c.Prune:
			done[i].Outcome = "would be deleted with its logs"
		}
	}
	if s.flags.Output != "json" {
		s.Note("Dry run: nothing was changed.")
	}
	if err := c.print(s, plan, done); err != nil {
		return err
	}
	problems, orphans := 0, 0
	for _, step := range plan.Steps {
		switch {
		case step.Problem:
			problems++
		case step.Action == fleet.Orphan && !step.Due(c.options()):
			orphans++
		}
	}
	if len(leaves) > 0 {
		s.Note("This would\n  %s", strings.Join(leaves, "\n  "))
	}
	if s.flags.Output != "json" {
		c.noteOrphans(s, orphans)
		if problems == 0 {
			c.noteNothing(s, plan)
		}
	}
	switch problems {
	case 0:
		return nil
	case 1:
		return errors.New("sync: 1 app would be skipped (see WHY)")
	}
	return fmt.Errorf("sync: %d apps would be skipped (see WHY)", problems)
}

// print shows a step per line: the action, its result, and the reason.
func (c *syncCmd) print(s *session, plan fleet.Plan, done []fleet.Done) error {
	if s.flags.Output == "json" {
		type step struct {
			fleet.Step
			Result string `json:"result,omitempty"`
		}
		steps := []step{}
		for _, d := range done {
			steps = append(steps, step{Step: d.Step, Result: resultText(d)})
		}
		answer := map[string]any{"data": map[string]any{"unchanged": plan.Unchanged, "steps": steps}}
		if c.DryRun {
			answer["dry_run"] = true
		}
		return s.PrintJSON(answer)
	}
	var rows [][]string
	for _, d := range done {
		rows = append(rows, []string{d.App, string(d.Action), orNone(resultText(d)), masked(strings.Join(d.Reasons, "; "))})
	}
	return s.PrintTable([]string{"APP", "ACTION", "RESULT", "WHY"}, rows)
}

// resultText returns the outcome of a step and its error.
func resultText(d fleet.Done) string {
	if d.Err != nil {
		return string(d.Outcome) + ": " + errorText(d.Err)
	}
	return string(d.Outcome)
}

// interrupted says how many apps are done, and returns the error of ctx.
func (c *syncCmd) interrupted(ctx context.Context, s *session, done []fleet.Done) error {
	due, ended := 0, 0
	for _, d := range done {
		if d.Due(c.options()) {
			due++
			if d.Outcome != fleet.Failed && d.Outcome != fleet.NotDone {
				ended++
			}
		}
	}
	s.Note("Done: %d of %s. To continue, run %s again.", ended, plural.Count(due, "app"), s.again())
	return ctx.Err()
}

// summarize notes the result. Failed apps are an error, and so are skipped ones that should have a drain.
func (c *syncCmd) summarize(s *session, plan fleet.Plan, done []fleet.Done) error {
	failed, skipped, orphans, hidden := 0, 0, 0, 0
	for _, d := range done {
		switch {
		case d.Outcome == fleet.Failed:
			failed++
		case d.Problem:
			skipped++
		case d.Outcome == fleet.NotDone:
			if orphans++; d.NoApp && c.Prune {
				hidden++
			}
		}
	}
	switch {
	case hidden > 0:
		s.Note("%s stay, because this Heroku account does not see their apps; --missing-apps deletes them.", plural.Count(hidden, "drain"))
	default:
		c.noteOrphans(s, orphans)
	}
	var problems []string
	if failed > 0 {
		problems = append(problems, plural.Count(failed, "app")+" failed")
	}
	switch {
	case skipped == 1:
		problems = append(problems, "1 app was skipped")
	case skipped > 1:
		problems = append(problems, fmt.Sprintf("%d apps were skipped", skipped))
	}
	switch {
	case len(problems) > 0:
		return fmt.Errorf("sync: %s (see RESULT). To retry, run %s again", strings.Join(problems, ", "), s.again())
	case c.noteNothing(s, plan):
	default:
		s.Note("Everything is in sync.")
	}
	return nil
}

// noteOrphans says how many drains stay although they are not in the fleet.
func (c *syncCmd) noteOrphans(s *session, n int) {
	switch {
	case n == 1:
		s.Note("1 drain is not in the fleet file; --prune deletes it.")
	case n > 1:
		s.Note("%d drains are not in the fleet file; --prune deletes them.", n)
	}
}

// noteNothing says if the plan changes nothing, and reports whether it did.
func (c *syncCmd) noteNothing(s *session, plan fleet.Plan) bool {
	nothing := len(c.changes(plan)) == 0
	if nothing {
		s.Note("Nothing to do: %s in sync.", plural.Count(plan.Unchanged, "drain"))
	}
	return nothing
}
