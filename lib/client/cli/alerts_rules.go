package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
	"heroku-drains/lib/client/apiclient"
)

type alertsRulesCmd struct {
	appArg

	File string `short:"f" placeholder:"FILE" help:"Show the rules of this file, such as alerts.yaml, instead of those of the stack."`
}

// Help is the sub-verb's long help.
func (alertsRulesCmd) Help() string {
	return `Shows the rules of the deployed stack, with -a those in force for an app. ALERT says when an alert fires: the number of lines within a window, by the lines' own times, or of
samples in a row. ORIGIN says whether a rule is a default, a default that alerts.yaml changes, or one that alerts.yaml adds. Without -a, rules
that are off are shown, too.

Examples:

    heroku-drains-cli alerts rules
    heroku-drains-cli alerts rules -a shop --file alerts.yaml
    heroku-drains-cli alerts rules --output json | jq -r '.data[] | select(.origin != "default") | .name'`
}

// Run shows the rules.
func (c *alertsRulesCmd) Run(ctx context.Context, s *session) error {
	app, err := s.optionalApp()
	if err != nil {
		return err
	}
	var rules []alert.Rule
	if c.File != "" {
		set, _, err := ruleSet(c.File)
		if err != nil {
			return err
		}
		rules = set.All()
	} else {
		rules, err = callAlerts(ctx, s, "Reading the rules", func(api *apiclient.Client) ([]alert.Rule, error) { return api.AlertRules(ctx) })
		if err != nil {
			return fmt.Errorf("read the rules of the stack: %w", err)
		}
		if app != "" {
			s.noteNoDrain(ctx, app)
		}
	}
	if app != "" {
		rules = slices.DeleteFunc(rules, func(r alert.Rule) bool { return r.Off || !r.AppliesTo(app) })
	}
	return c.print(s, rules)
}

func (alertsRulesCmd) print(s *session, rules []alert.Rule) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(alert.Rules{Data: rules})
	}
	rows := make([][]string, len(rules))
	for i, r := range rules {
		rows[i] = []string{
			r.Name, string(r.Kind), cmp.Or(string(r.Level), none), alerts.Effect(r), alerts.Apps(r), string(r.Origin), cmp.Or(r.Title, none),
			shortened(alerts.Condition(r)),
		}
	}
	return s.PrintTable([]string{"RULE", "KIND", "LEVEL", "ALERT", "APPS", "ORIGIN", "TITLE", "LINES"}, rows)
}

// maxCondition is how many characters of a condition a table shows; JSON has all.
const maxCondition = 80

func shortened(text string) string {
	runes := []rune(text)
	if len(runes) <= maxCondition {
		return text
	}
	return string(runes[:maxCondition-1]) + "…"
}
