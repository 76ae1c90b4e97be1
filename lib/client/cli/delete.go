package cli

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
)

type deleteCmd struct {
	All      bool          `help:"Remove every drain of the stack, as 'cdk destroy' needs it; asks for the stack's name."`
	KeepLogs bool          `help:"Leave the log streams with their lines."`
	Force    bool          `help:"Do not wait until the queue's messages are stored: lose them."`
	Timeout  time.Duration `default:"2m" help:"How long to wait for an app's queue to be empty."`
	DryRun   bool          `help:"Say what would be removed, and remove nothing."`
}

// Help is the verb's long help.
func (deleteCmd) Help() string {
	return `Asks for the app's name first, unless --yes. Heroku's log drain goes first; what the queue still holds is stored; then the AWS
side goes. Other people's and add-ons' drains at Heroku are not touched. After any failure, the same delete goes on.

With --no-heroku tell Heroku first (heroku drains:remove): what it sends to a drain that is gone is lost.

Examples:

    heroku-drains-cli delete -a shop --dry-run
    heroku-drains-cli delete -a shop --keep-logs
    heroku-drains-cli delete -a shop --yes --force
    heroku-drains-cli delete --all --keep-logs`
}

// Run removes the drain, or all.
func (c *deleteCmd) Run(ctx context.Context, s *session) error {
	if c.All {
		return c.runAll(ctx, s)
	}
	app, err := s.app()
	if err != nil {
		return err
	}
	both, err := s.sides(ctx)
	if err != nil {
		return err
	}
	conn, err := both.Find(ctx, app)
	if connect.IsNotFound(err) {
		return fmt.Errorf("delete the drain of %s: there is none, and nothing to delete", app)
	}
	if err != nil {
		return fmt.Errorf("delete the drain of %s: %w", app, err)
	}
	changes := conn.Removals(c.options())
	if c.DryRun {
		return s.printChanges(app, changes)
	}
	if conn.Heroku != nil && conn.Heroku.State == connect.NoApp {
		s.Note("Heroku knows no app %s, or this account has no access to it: there is only the AWS side to remove.", app)
	}
	if err := s.confirm(ctx, app, changes); err != nil {
		return err
	}
	p := s.StartProgress("Deleting the drain of %s…", app)
	defer p.Stop()
	both.Progress = p
	d, err := both.Delete(ctx, conn, c.options())
	p.Stop()
	if err != nil {
		return fmt.Errorf("delete the drain of %s: %w", app, err)
	}
	s.Note("The drain of %s is deleted.", app)
	return s.printDrain(view{Drain: d}, false)
}

func (c *deleteCmd) options() connect.DeleteOptions {
	return connect.DeleteOptions{KeepLogs: c.KeepLogs, Force: c.Force, Timeout: c.Timeout}
}
