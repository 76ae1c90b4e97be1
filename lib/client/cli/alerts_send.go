package cli

import (
	"context"
	"fmt"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
)

type alertsSendCmd struct{ appArg }

// Help is the sub-verb's long help.
func (alertsSendCmd) Help() string {
	return `Publishes a notification that says that it is a test, in the name of the app given with -a, or of an example. It changes no alert's state.
If it does not arrive, 'doctor' says whether someone is subscribed.

Examples:

    heroku-drains-cli alerts send-test
    heroku-drains-cli alerts send-test -a shop`
}

// Run publishes the notification.
func (alertsSendCmd) Run(ctx context.Context, s *session) error {
	app, err := s.optionalApp()
	if err != nil {
		return err
	}
	if app != "" {
		if err := s.checkDrain(ctx, app); err != nil {
			return err
		}
	}
	sent, err := callAlerts(ctx, s, "Publishing", func(api *apiclient.Client) (alert.Published, error) { return api.SendTestAlert(ctx, app) })
	if err != nil {
		return fmt.Errorf("publish a test notification: %w", err)
	}
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]alert.Published{"data": sent})
	}
	s.Note("Published %q, message ID %s.", sent.Subject, sent.ID)
	s.Note("If it does not arrive: %s", s.command("doctor"))
	return nil
}
