package cli

import (
	"context"
	"fmt"
	"time"
)

type deleteCmd struct {
	KeepLogs bool          `help:"Leave the log stream with its lines."`
	Discard  bool          `help:"Do not wait until the queue's messages are stored: lose them."`
	Timeout  time.Duration `default:"2m" help:"How long to wait until the queue is empty."`
	DryRun   bool          `help:"Say what would be removed, and remove nothing."`
}

// Help is the verb's long help.
func (deleteCmd) Help() string {
	return `Asks for the app's name first, unless --yes. What the queue still holds is stored before the drain goes.

Tell Heroku first (heroku drains:remove): what it sends to a drain that is gone is lost.

Examples:

    heroku-drains-cli delete -a shop --dry-run
    heroku-drains-cli delete -a shop --keep-logs
    heroku-drains-cli delete -a shop --yes --discard`
}

// Run removes the drain.
func (c *deleteCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	api, err := s.api(ctx)
	if err != nil {
		return err
	}
	d, err := api.Get(ctx, app)
	if err != nil {
		return fmt.Errorf("delete the drain of %s: %w", app, err)
	}
	changes := removals(d, c.KeepLogs)
	if c.DryRun {
		return s.printChanges(app, changes)
	}
	if err := s.confirm(ctx, app, changes); err != nil {
		return err
	}
	ctx, cancel := limited(ctx, c.Timeout)
	defer cancel()
	p := s.progress("Deleting the drain of %s…", app)
	defer p.stop()
	if !c.Discard {
		if err := s.untilEmpty(ctx, p, api, d); err != nil {
			return fmt.Errorf("delete the drain of %s: %w; `put -a %s` mends a drain that does not store, "+
				"--discard deletes it all the same", app, err, app)
		}
	}
	err = s.patiently(ctx, p, func() (err error) {
		d, err = api.Delete(ctx, app, c.KeepLogs)
		return err
	})
	p.stop()
	if err != nil {
		return fmt.Errorf("delete the drain of %s: %w", app, err)
	}
	s.note("The drain of %s is deleted.", app)
	return s.printDrain(d, false)
}
