package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/term"
)

type alertsCmd struct {
	List     alertsListCmd   `cmd:"" reads:"[app] system output" help:"Show the alerts that fire, fired in the last 14 days, or are muted."`
	Rules    alertsRulesCmd  `cmd:"" reads:"[app] system output" help:"Show the rules in force, and where each comes from."`
	Check    alertsCheckCmd  `cmd:"" reads:"output" help:"Check a file with rules before it is deployed."`
	Test     alertsTestCmd   `cmd:"" reads:"app system output" help:"Say which alerts log lines would raise, and which a drop rule would leave out."`
	Mute     alertsMuteCmd   `cmd:"" reads:"app system output" help:"Send no notifications about an app for some time."`
	Unmute   alertsUnmuteCmd `cmd:"" reads:"app system output" help:"End a mute."`
	SendTest alertsSendCmd   `cmd:"" reads:"[app] system output" help:"Publish a test notification, to see whether it arrives."`
}

// Help is the long help of the verb and its sub-verbs.
func (alertsCmd) Help() string {
	return `An alert fires when enough lines of an app match a rule within a time window, and is resolved when they stop. Both are published once to
the stack's alerts topic, which emails, chats and pagers subscribe to. Heroku's error codes, slow requests, samples of memory, load and
databases, and common errors of frameworks alert without any configuration, for every app that has a drain.

The file alerts.yaml beside cdk.json changes these rules and adds others; cdk deploy puts it into force.

Examples:

    heroku-drains-cli alerts list
    heroku-drains-cli alerts rules -a shop
    heroku-drains-cli alerts check
    heroku logs -a shop | heroku-drains-cli alerts test -a shop
    heroku-drains-cli alerts mute -a shop --rule H12 --for 2h
    heroku-drains-cli alerts send-test`
}

// callAlerts calls the alerts API, and shows meanwhile what it waits for.
func callAlerts[T any](ctx context.Context, s *session, waiting string, call func(*apiclient.Client) (T, error)) (T, error) {
	var none T
	api, err := s.API(ctx)
	if err != nil {
		return none, err
	}
	p := s.startQuietProgress("%s…", waiting)
	defer p.Stop()
	result, err := call(api)
	if err != nil {
		return none, &alertsError{err}
	}
	return result, nil
}

// startQuietProgress starts a Progress that a pipe does not see: for what takes less than a second.
func (s *session) startQuietProgress(format string, args ...any) interface{ Stop() } {
	if !term.IsTerminal(s.Stderr) {
		return noProgress{}
	}
	return s.StartProgress(format, args...)
}

type noProgress struct{}

func (noProgress) Stop() {}

// alertsError is an error of the alerts API.
type alertsError struct{ cause error }

func (e *alertsError) Error() string { return e.cause.Error() }
func (e *alertsError) Unwrap() error { return e.cause }

// ruleName returns the name of an alert's rule as a table shows it.
func ruleName(a alert.Alert) string {
	if a.Rule == alert.AnyRule {
		return "all"
	}
	return a.Rule
}

// stateText returns a state as a table shows it.
func stateText(state alert.State) string {
	if state == alert.StateQuiet {
		return "no alert"
	}
	return string(state)
}

func timeText(at time.Time) string {
	if at.IsZero() {
		return none
	}
	return at.UTC().Format(time.RFC3339)
}

// checkDrain returns an error if an app has neither a drain nor an alert: its name is probably mistyped. A drain may have been deleted since the
// alert began. If that cannot be found out, the error is nil: what the verb itself calls says more.
func (s *session) checkDrain(ctx context.Context, app string) error {
	api, err := s.API(ctx)
	if err != nil {
		return err
	}
	p := s.startQuietProgress("Looking up the drain for %s…", app)
	defer p.Stop()
	_, missing := api.Get(ctx, app)
	if !connect.IsNotFound(missing) {
		return nil
	}
	all, err := api.Alerts(ctx)
	if err != nil || slices.ContainsFunc(all, func(a alert.Alert) bool { return a.App == app }) {
		return nil
	}
	return noDrain(app, missing)
}

// noteNoDrain says on stderr if an app has no drain, and which one may be meant, in a verb that works without one.
func (s *session) noteNoDrain(ctx context.Context, app string) {
	if err := s.checkDrain(ctx, app); connect.IsNotFound(err) {
		s.Note("%s", strings.TrimSuffix(app+" has no drain. "+s.similarDrain(ctx, err), " "))
	}
}

// firingText says whether the alert of a rule fires, after a sentence about the rule.
func firingText(a alert.Alert) string {
	if a.State != alert.StateFiring {
		return ""
	}
	return fmt.Sprintf("; it has been firing since %s", timeText(a.Since))
}

// printAlert shows programs the state of one rule for an app.
func (s *session) printAlert(a alert.Alert) error {
	if s.flags.Output != "json" {
		return nil
	}
	return s.PrintJSON(map[string]alert.Alert{"data": a})
}
