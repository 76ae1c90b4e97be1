package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/drain"
)

type listCmd struct {
	appArg
	Settings bool `help:"Show the format too, and with --output json all settings: one call of SQS more for each drain."`
}

// Help is the verb's long help.
func (listCmd) Help() string {
	return `WAITING is the number of messages in a drain's queue that are not stored yet. DEAD is the number of its dead letters, and is shown if
there are any. LAST LINE is the time of the newest line; CloudWatch Logs may report it up to an hour late. See get for the states.

It asks Heroku for the log drains of all apps in the account, so the list includes drains that have only one side left: the AWS side if the
app was deleted (HEROKU: no app), or the Heroku side if the drain no longer exists on AWS (STATE: none).
Without a Heroku API key, the AWS side alone is shown.

With -a, which may be repeated, it shows only the drains of these apps; "shop-*" stands for every name that begins with shop-.

Examples:

    heroku-drains-cli list
    heroku-drains-cli list --no-heroku
    heroku-drains-cli list -a blog -a 'shop-*'
    heroku-drains-cli list --output json | jq -r '.data[] | select(.heroku.state != "present") | .app'`
}

// Run shows all drains.
func (c listCmd) Run(ctx context.Context, s *session) error {
	apps, err := s.apps(nameOrPattern)
	if err != nil {
		return err
	}
	both, err := s.sidesToRead(ctx)
	if err != nil {
		return err
	}
	include := []drain.Detail{drain.IncludeCounts}
	if c.Settings {
		include = append(include, drain.IncludeSettings)
	}
	found, err := s.listAll(ctx, both, include...)
	var failed error // why Heroku is not shown
	if _, ofHeroku := errors.AsType[*heroku.Error](err); ofHeroku && ctx.Err() == nil {
		failed = fmt.Errorf("list the drains: %w", err)
		both = both.OnAWS()
		found, err = s.listAll(ctx, both, include...)
	}
	if err != nil {
		return fmt.Errorf("list the drains: %w", err)
	}
	listed := slices.Clone(found)
	all := len(listed)
	found = slices.DeleteFunc(found, func(conn connect.Connection) bool { return !isAmong(apps, conn.App) })
	switch {
	case len(found) > 0:
	case all > 0:
		s.Note("No drain is for %s.", strings.Join(apps, ", "))
	default:
		s.Note("There are no drains. %s", s.firstDrain())
	}
	dead := s.deadLetters(ctx, both)
	views := make([]view, len(found))
	for i, conn := range found {
		views[i] = view{Drain: conn.Drain, Heroku: newHerokuView(conn.Heroku, s.flags.ShowURL), DeadLetters: dead.of(conn.App)}
	}
	if err := s.printDrains(views); err != nil {
		return err
	}
	dead.noteWithoutDrain(s, slices.DeleteFunc(dead.apps(), func(app string) bool { return !isAmong(apps, app) || hasQueue(listed, app) }), "")
	return cmp.Or(failed, c.explainOrphans(s, found))
}

// hasQueue reports whether an app's drain has a queue, which dead letters can be moved back to.
func hasQueue(all []connect.Connection, app string) bool {
	return slices.ContainsFunc(all, func(conn connect.Connection) bool { return conn.App == app && conn.Queue != nil })
}

// anApp returns the first app that the command line names, or an example.
func (s *session) anApp() string {
	for _, app := range s.flags.App {
		if exactName(app) == nil {
			return app
		}
	}
	return "shop"
}

// firstDrain says how to create a drain.
func (s *session) firstDrain() string {
	if s.IsLocal() {
		return "Create one: " + s.command("put -a %s", s.anApp())
	}
	return "How to create one: " + s.command("put --help") // only the user knows the names of the apps
}

// explainOrphans says what to do about drains that have only one side left. Its error is why the Heroku side of some drains is unknown.
func (c listCmd) explainOrphans(s *session, found []connect.Connection) error {
	for _, conn := range found {
		switch {
		case conn.Heroku == nil:
		case conn.State == drain.None:
			s.Note("Heroku sends the lines of %s to a drain that does not exist. Create it: %s. Or remove it from Heroku: %s.",
				conn.App, s.command("put -a %s", conn.App), s.command("delete -a %s", conn.App))
		case conn.Heroku.State == connect.NoApp && !conn.Archived():
			s.Note("The app %s does not exist at Heroku, or this account has no access to it. Delete its drain: %s",
				conn.App, s.command("delete -a %s", conn.App))
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(found), func(conn connect.Connection) bool { return conn.Heroku == nil || conn.Heroku.Err == nil })
	switch len(unknown) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("check %s at Heroku: %w", unknown[0].App, unknown[0].Heroku.Err)
	}
	return fmt.Errorf("check %d apps at Heroku; the first is %s: %w", len(unknown), unknown[0].App, unknown[0].Heroku.Err)
}

// listAll returns all drains, and shows on a terminal that it is looking for them.
func (s *session) listAll(ctx context.Context, both *installation.Sides, include ...drain.Detail) ([]connect.Connection, error) {
	p := s.StartProgress("Listing the drains…")
	defer p.Stop()
	both.Progress = p
	return both.ListAll(ctx, include...)
}
