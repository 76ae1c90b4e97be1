package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
)

type alertsListCmd struct{ appArg }

// Help is the sub-verb's long help.
func (alertsListCmd) Help() string {
	return `States: firing; resolved (it fired in the last 14 days); no alert (it did not, but is muted; "quiet" in JSON). LINES is the number of lines that matched since
the alert began, LAST LINE the time of the newest. A rule named "all" is a mute of all rules of the app.

Examples:

    heroku-drains-cli alerts list
    heroku-drains-cli alerts list -a shop
    heroku-drains-cli alerts list --output json | jq -r '.data[] | select(.state == "firing") | "\(.app) \(.rule)"'`
}

// Run shows the alerts.
func (c alertsListCmd) Run(ctx context.Context, s *session) error {
	app, err := s.optionalApp()
	if err != nil {
		return err
	}
	all, err := callAlerts(ctx, s, "Listing the alerts", func(api *apiclient.Client) ([]alert.Alert, error) { return api.Alerts(ctx) })
	if err != nil {
		return fmt.Errorf("list the alerts: %w", err)
	}
	if app != "" {
		all = slices.DeleteFunc(all, func(a alert.Alert) bool { return a.App != app })
	}
	if s.flags.Output == "json" {
		return s.PrintJSON(alert.Alerts{Data: all})
	}
	if len(all) == 0 {
		s.Note("No alert%s fired in the last 14 days, and none is muted.", ofApp(app))
		if app != "" {
			s.noteNoDrain(ctx, app)
		}
	}
	return c.print(s, all)
}

// ofApp returns " of shop", or nothing without an app.
func ofApp(app string) string {
	if app == "" {
		return ""
	}
	return " of " + app
}

func (alertsListCmd) print(s *session, all []alert.Alert) error {
	heading := []string{"APP", "RULE", "STATE", "LINES", "SINCE", "LAST LINE", "TITLE"}
	muted := slices.ContainsFunc(all, func(a alert.Alert) bool { return !a.MutedUntil.IsZero() })
	if muted {
		heading = append(heading, "MUTED UNTIL")
	}
	rows := make([][]string, len(all))
	for i, a := range all {
		lines := none
		if a.Lines > 0 {
			lines = fmt.Sprint(a.Lines)
		}
		rows[i] = []string{
			a.App, ruleName(a), stateText(a.State), lines, timeText(a.Since), timeText(a.LastLine), cmp.Or(a.Title, none),
		}
		if muted {
			rows[i] = append(rows[i], timeText(a.MutedUntil))
		}
	}
	return s.PrintTable(heading, rows)
}
