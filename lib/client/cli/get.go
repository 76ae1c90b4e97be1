package cli

import (
	"context"
	"fmt"
)

type getCmd struct{}

// Help is the verb's long help.
func (getCmd) Help() string {
	return `States: active; creating or updating (messages wait in the queue meanwhile); disabled (somebody switched the mapping off: put
switches it on); partial (a part is missing: put makes it); deleting; none (Heroku sends to a drain that is not there).

At Heroku: present; missing; stale (what Heroku sends is refused, for its password is an old one: put replaces it); no app (it is
gone, or this account has no access to it). Whether a password is good is tried with a POST of nothing. Other people's drains and
add-ons' are counted, and not touched.

Dead letters are messages that could not be stored; up to 100 of the stack's are looked into to tell whose they are.

Examples:

    heroku-drains-cli get -a shop
    heroku-drains-cli get -a shop --show-url
    heroku-drains-cli get -a shop --output json | jq -r .data.heroku.state`
}

// Run shows both sides of the drain.
func (getCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	both, err := s.sides(ctx)
	if err != nil {
		return err
	}
	conn, err := both.Inspect(ctx, app)
	if err != nil {
		return fmt.Errorf("get the drain of %s: %w", app, err)
	}
	v := view{Drain: conn.Drain, Heroku: newHerokuView(conn.Heroku, s.flags.ShowURL), DeadLetters: s.deadLetters(ctx, both)(app)}
	if err := s.printDrain(v, s.flags.ShowURL); err != nil {
		return err
	}
	if conn.Heroku != nil && conn.Heroku.Err != nil {
		return fmt.Errorf("look at the Heroku side of %s: %w", app, conn.Heroku.Err)
	}
	return nil
}
