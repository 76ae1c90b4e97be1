package cli

import (
	"context"
	"fmt"
	"slices"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

type listCmd struct{}

// Help is the verb's long help.
func (listCmd) Help() string {
	return `WAITING counts the messages in a drain's queue that are not stored yet; DEAD its dead letters, if there are any at all. LAST LINE is
the time of the newest line; CloudWatch may tell it up to an hour late. See get for what the states mean.

Every app of the Heroku account is asked for its drains, so that the list also has what is left of one side: drains on AWS whose app
is gone from Heroku (HEROKU: no app), and drains at Heroku that point to nothing (STATE: none).

Examples:

    heroku-drains-cli list
    heroku-drains-cli list --no-heroku
    heroku-drains-cli list --output json | jq -r '.data[] | select(.heroku.state != "present") | .app'`
}

// Run shows all drains.
func (listCmd) Run(ctx context.Context, s *session) error {
	both, err := s.sides(ctx)
	if err != nil {
		return err
	}
	p := s.StartProgress("Looking for drains…")
	defer p.Stop()
	both.Progress = p
	found, err := both.list(ctx)
	p.Stop()
	if err != nil {
		return fmt.Errorf("list the drains: %w", err)
	}
	if len(found) == 0 {
		s.Note("There are no drains yet: `%s put -a NAME` makes one.", program)
	}
	dead := s.deadLetters(ctx, both)
	views := make([]view, len(found))
	for i, conn := range found {
		views[i] = view{Drain: conn.Drain, Heroku: newHerokuView(conn.Heroku, s.flags.ShowURL), DeadLetters: dead(conn.App)}
	}
	if err := s.printDrains(views); err != nil {
		return err
	}
	return s.explainOrphans(found)
}

// list is every drain of the stack, and every drain of the account's apps that points here.
func (b *sides) list(ctx context.Context) ([]connect.Connection, error) {
	var apps []heroku.App
	if b.heroku != nil {
		var err error
		if apps, err = b.heroku.Apps(ctx); err != nil {
			return nil, err
		}
	}
	return b.List(ctx, apps)
}

// explainOrphans says what to do about what there is of one side only. The error is why Heroku did not tell of some.
func (s *session) explainOrphans(found []connect.Connection) error {
	for _, conn := range found {
		switch {
		case conn.Heroku == nil:
		case conn.State == drain.None:
			s.Note("Heroku sends the lines of %[1]s to a drain that is not there: `%[2]s put -a %[1]s` makes it, delete takes it from Heroku.",
				conn.App, program)
		case conn.Heroku.State == connect.NoApp && !conn.Archived():
			s.Note("The app %[1]s is gone from Heroku, or out of this account's sight: `%[2]s delete -a %[1]s` removes its drain.", conn.App, program)
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(found), func(conn connect.Connection) bool { return conn.Heroku == nil || conn.Heroku.Err == nil })
	if len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("look at the Heroku side of %d apps, such as %s: %w", len(unknown), unknown[0].App, unknown[0].Heroku.Err)
}
