package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/plural"
)

type deleteCmd struct {
	appArg

	All      bool          `help:"Delete all drains of the stack, before 'cdk destroy'."`
	KeepLogs bool          `help:"Keep the log streams and their lines."`
	Force    bool          `help:"Do not wait until the queue's messages are stored; they are lost."`
	Timeout  time.Duration `default:"15m" help:"How long the deletion of one app's drain may take."`
	DryRun   bool          `help:"Show what would be removed, without removing anything."`

	MissingApps bool `help:"Without a question, or with --all: also delete drains whose apps this Heroku account does not see."`
}

// Help is the verb's long help.
func (deleteCmd) Help() string {
	return `Asks for the app's name first, with --all for the stack's, unless --confirm has it, or with --yes. Removes the log drain at Heroku, waits until the queue's messages are stored, and
then removes the AWS side. Other log drains, such as those of add-ons, are not touched. After a failure, run the same delete again to continue.

On AWS, this takes at least three minutes, or a minute longer than the drain's batch window: SQS counts messages late, and its counts must be 0 for
several minutes before the queue is certainly empty. With --all, all drains wait at the same time. --force skips the wait; messages that are
still in the queue are lost. Dead letters of the app are not deleted, but cannot be moved back without the drain: see redrive.

Heroku answers the same for a deleted app and for one of another account. So --all, --confirm and --yes delete the drain of an app that the
account does not see only with --missing-apps: if the app exists, Heroku still sends, and those lines are lost.

With --no-heroku, first remove the drain at Heroku yourself (heroku drains:remove): lines sent to a deleted drain are lost.

Examples:

    heroku-drains-cli delete -a shop --dry-run
    heroku-drains-cli delete -a shop --keep-logs
    heroku-drains-cli delete -a shop --confirm shop --force
    heroku-drains-cli delete --all --keep-logs`
}

// Run deletes the drain of an app, or all drains.
func (c *deleteCmd) Run(ctx context.Context, s *session) error {
	switch {
	case c.Timeout < 0:
		return usagef("--timeout must not be negative")
	case c.All:
		return c.runAll(ctx, s)
	}
	app, err := s.app()
	if err != nil {
		return err
	}
	sides := s.Sides
	if c.DryRun {
		sides = s.sidesToRead
	}
	both, err := sides(ctx)
	if err != nil {
		return err
	}
	conn, err := both.Find(ctx, app)
	if connect.IsNotFound(err) {
		return &errNoDrain{app: app, cause: errNothingToDelete}
	}
	if err != nil {
		return fmt.Errorf("delete the drain for %s: %w", app, err)
	}
	removals := conn.Removals(c.options())
	if c.DryRun || !s.unasked() {
		removals = append(removals, s.countRemaining(ctx, both).leaves(s, app)...)
	}
	if c.DryRun {
		return s.printChanges(app, removals)
	}
	if conn.MayStillReceive() && !c.MissingApps && s.unasked() {
		return fmt.Errorf("delete the drain for %s: %w", app, missingApps(app))
	}
	if conn.Heroku != nil && conn.Heroku.State == connect.NoApp {
		s.Note("The app %s does not exist at Heroku, or this account has no access to it; only the AWS side can be removed.", app)
	}
	if err := s.confirm(ctx, app, removals); err != nil {
		return err
	}
	p := s.StartProgress("Deleting the drain for %s…", app)
	defer p.Stop()
	both.Progress = p
	opts := c.options()
	opts.MissingApps = true // the flag or the confirmation says so
	d, err := both.Delete(ctx, conn, opts)
	p.Stop()
	if err != nil {
		return fmt.Errorf("delete the drain for %s: %w", app, err)
	}
	kept := ""
	if conn.LogStream != "" {
		kept = ", with its stored lines"
		if c.KeepLogs {
			kept = "; its log stream " + conn.LogStream + " stays"
		}
	}
	s.Note("Drain for %s deleted%s.", app, kept)
	dead := s.countRemaining(ctx, both) // messages that waited may have become dead letters meanwhile
	dead.noteWithoutDrain(s, []string{app}, "")
	if s.flags.Output != "json" {
		return nil
	}
	return s.printDrain(view{Drain: d, DeadLetters: dead.of(app)}, false)
}

// runAll deletes every drain of the stack.
func (c *deleteCmd) runAll(ctx context.Context, s *session) error {
	if len(s.flags.App) > 0 {
		return usagef("--all and -a cannot be used together")
	}
	sides := s.Sides
	if c.DryRun {
		sides = s.sidesToRead
	}
	both, err := sides(ctx)
	if err != nil {
		return err
	}
	found, err := s.listAll(ctx, both)
	if err != nil {
		return fmt.Errorf("delete all drains: %w", err)
	}
	found = slices.DeleteFunc(found, func(conn connect.Connection) bool { return conn.NothingToDelete(c.options()) })
	removals := []string{}
	var dead *deadCounts
	if len(found) > 0 && (c.DryRun || !s.unasked()) {
		dead = s.countRemaining(ctx, both)
	}
	for _, conn := range found {
		for _, removal := range append(conn.Removals(c.options()), dead.leaves(s, conn.App)...) {
			removals = append(removals, conn.App+": "+removal)
		}
	}
	var missing []string
	for _, conn := range found {
		if conn.MayStillReceive() && !c.MissingApps {
			missing = append(missing, conn.App)
		}
	}
	switch {
	case c.DryRun:
		if len(missing) > 0 {
			s.Note("Without --missing-apps, nothing is deleted: %v", missingApps(missing...))
		}
		return s.printChanges("", removals)
	case len(missing) > 0:
		return fmt.Errorf("delete all drains: %w", missingApps(missing...))
	case len(found) == 0:
		s.Note("The stack %s has no drains.", s.flags.Stack)
		return c.printData(s, []view{})
	}
	if takes := leastText(both.LeastDeletes(len(found), c.options()), 0); takes != "" {
		removals = append(removals, "take "+takes)
	}
	if err := s.confirm(ctx, s.flags.Stack, removals); err != nil {
		return err
	}
	p := s.StartProgress("Deleting %s…", plural.Count(len(found), "drain"))
	defer p.Stop()
	both.Progress, both.Waits = p, p.Waits
	removed := both.DeleteAll(ctx, found, c.options())
	p.Stop()
	dead = s.countRemaining(ctx, both)
	return c.printRemoved(s, removed, dead)
}

// missingApps is the error for drains of apps that this Heroku account does not see.
func missingApps(apps ...string) error {
	return fmt.Errorf("cannot find %s at Heroku: deleted, or this account has no access. If Heroku still sends lines, they will be lost. "+
		"Use an API key with access, or add --missing-apps", strings.Join(apps, ", "))
}

// printRemoved shows what was removed, why anything was not, and which dead letters remain.
func (c *deleteCmd) printRemoved(s *session, removed []connect.Removed, dead *deadCounts) error {
	views, apps := []view{}, []string{}
	for _, r := range removed {
		if r.Err != nil {
			s.Note("Drain for %s not deleted: %s", r.App, masked(whyNotRemoved(r.Err)))
			continue
		}
		views = append(views, view{Drain: r.Drain, DeadLetters: dead.of(r.App)})
		apps = append(apps, r.App)
	}
	if err := c.printData(s, views); err != nil {
		return err
	}
	dead.noteWithoutDrain(s, apps, "; 'cdk destroy' deletes them")
	if left := len(removed) - len(views); left > 0 {
		return &connect.Failure{
			Err:  errors.New("delete all drains: some failed"),
			Left: fmt.Sprintf("%d of %s left; to continue, run %s again", left, plural.Count(len(removed), "drain"), s.again()),
		}
	}
	s.Note("All drains of the stack %s deleted (%d).", s.flags.Stack, len(removed))
	return nil
}

// printData shows programs the drains that were deleted. People have read how many.
func (c *deleteCmd) printData(s *session, views []view) error {
	if s.flags.Output != "json" {
		return nil
	}
	return s.printDrains(views)
}

// whyNotRemoved returns why a drain was not deleted or, after Ctrl-C, what is left of it.
func whyNotRemoved(err error) string {
	failure, ok := errors.AsType[*connect.Failure](err)
	switch {
	case !errors.Is(err, context.Canceled):
		return err.Error()
	case ok:
		return failure.Left
	}
	return "it is unchanged"
}

func (c *deleteCmd) options() connect.DeleteOptions {
	return connect.DeleteOptions{KeepLogs: c.KeepLogs, Force: c.Force, Timeout: c.Timeout, MissingApps: c.MissingApps}
}
