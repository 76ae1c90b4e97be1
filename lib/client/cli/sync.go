package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"heroku-drains/lib/client/fleet"
)

type syncCmd struct {
	File     string `short:"f" placeholder:"FILE" help:"The fleet file."`
	Team     string `placeholder:"NAME" help:"All apps of this Heroku team, instead of the file's team."`
	Prune    bool   `help:"Delete orphans, on both sides, with their stored logs."`
	KeepLogs bool   `help:"With --prune: leave the log streams with their lines."`
	DryRun   bool   `help:"Show the plan, and change nothing."`
}

// Help is the verb's long help.
func (syncCmd) Help() string {
	return `Compares the apps that are to have drains, those of a file and of a team, with the drains there are; shows what is to be created,
changed and healed; asks for the stack's name, unless --yes; and does it, eight apps at a time, each proven with a test line. Apps that
are as they should be are not touched, so a sync that was ended at any point is continued by the next.

Drains that nobody wants are orphans. They are shown, and deleted with --prune only; what "exclude" names is left alone. Apps of the
Fir generation have no log drains, and are skipped.

A fleet file is YAML. Settings that it does not give stay as they are:

    team: acme                  # every app of the team, too
    exclude: [playground, "review-*"]
    defaults: {format: json, ansi: strip}
    apps:
      shop: {batch_size: 100, batch_window_seconds: 5}
      blog:

Examples:

    heroku-drains-cli sync --file fleet.yaml --dry-run
    heroku-drains-cli sync --team acme --yes
    heroku-drains-cli sync --file fleet.yaml --prune --keep-logs
    heroku-drains-cli sync --file fleet.yaml --dry-run --output json | jq -r '.data.steps[] | "\(.action) \(.app)"'`
}

// Run brings the drains in line with the file.
func (c *syncCmd) Run(ctx context.Context, s *session) error {
	file, err := c.file(s)
	if err != nil {
		return err
	}
	both, err := s.Sides(ctx)
	if err != nil {
		return err
	}
	if both.Account == nil && file.Team != "" {
		return usagef("a team's apps are known to Heroku alone: leave --no-heroku out, or list the apps in the file")
	}
	p := s.StartProgress("Looking at the drains, and at the apps at Heroku…")
	defer p.Stop()
	found, err := surveyFleet(ctx, both, file)
	p.Stop()
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	run := &syncRun{session: s, command: c, both: both, plan: found.Plan()}
	if c.DryRun {
		return run.preview()
	}
	return run.do(ctx)
}

// file is the fleet file with the flags in it.
func (c *syncCmd) file(s *session) (fleet.File, error) {
	switch {
	case s.flags.App != "":
		return fleet.File{}, usagef("sync is about many apps: leave -a out, or put one app with `%s put -a %s`", program, s.flags.App)
	case c.File == "" && c.Team == "":
		return fleet.File{}, usagef("it is not said which apps are to have drains: give --file or --team")
	case c.KeepLogs && !c.Prune:
		return fleet.File{}, usagef("--keep-logs is about what --prune deletes: give both, or neither")
	}
	var text []byte
	if c.File != "" {
		var err error
		if text, err = os.ReadFile(c.File); err != nil {
			return fleet.File{}, usagef("read the fleet file: %v", err)
		}
	}
	file, err := fleet.Parse(text)
	if err != nil {
		return fleet.File{}, usagef("read the fleet file %s: %v", c.File, err)
	}
	file.Team = cmp.Or(c.Team, file.Team)
	if file.Team == "" && len(file.Apps) == 0 && !c.Prune {
		return fleet.File{}, usagef("the fleet file %s names neither apps nor a team", c.File)
	}
	return file, nil
}
