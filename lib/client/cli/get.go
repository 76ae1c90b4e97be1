package cli

import (
	"context"
	"fmt"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
)

type getCmd struct{ appArg }

// Help is the verb's long help.
func (getCmd) Help() string {
	return `States on AWS: active; creating or updating (messages wait in the queue); disabled (someone disabled the mapping; put enables it);
partial (a part is missing; put creates it); deleting; none (Heroku sends to a drain that does not exist).

States at Heroku: present; missing; stale (the drain rejects the password that Heroku sends; put replaces it); no app (the app was deleted,
or this account has no access to it). The password is tested with an empty POST. Other log drains, such as those of add-ons, are only
counted.

Dead letters are messages that could not be stored. To see which app they belong to, up to ` + fmt.Sprint(deadletters.SampleLimit) + ` of
the stack's dead letters are opened.

Today says what became of the lines since midnight (UTC): see ledger. The last seconds may be missing.

Dropped are the lines that a drop rule of alerts.yaml left out, by rule, today (UTC) and in 14 days.

--show-url shows the drain URL with its password as Heroku has it. Without Heroku, only put gets it. Without a Heroku API key, the AWS side alone is
shown.

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
	both, err := s.sidesToRead(ctx)
	if err != nil {
		return err
	}
	today, stop := s.today(ctx, app)
	defer stop()
	conn, err := both.Inspect(ctx, app)
	if err != nil {
		return noDrain(app, err)
	}
	v := view{
		Drain: conn.Drain, Heroku: newHerokuView(conn.Heroku, s.flags.ShowURL), DeadLetters: s.deadLetters(ctx, both).of(app),
		Dropped: s.dropped(ctx, app), Today: today(),
	}
	if v.DrainURL == "" && s.flags.ShowURL && conn.Heroku != nil && conn.Heroku.State == connect.Present {
		v.DrainURL = conn.Heroku.Ours[0].URL // the API returns it to PUT only
	}
	if err := s.printDrain(v, s.flags.ShowURL); err != nil {
		return err
	}
	if v.Heroku != nil && v.Heroku.repair() != "" {
		s.Note("To %s: %s", v.Heroku.repair(), s.command("put -a %s", app))
	}
	if s.flags.ShowURL && v.DrainURL == "" {
		s.Note("Only put gets the drain URL with its password from AWS. To show it: %s", s.command("put -a %s --show-url --no-heroku", app))
	}
	if conn.Heroku != nil && conn.Heroku.Err != nil {
		return fmt.Errorf("check %s at Heroku: %w", app, conn.Heroku.Err)
	}
	return nil
}
