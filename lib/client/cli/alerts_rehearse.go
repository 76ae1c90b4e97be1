package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/local/rehearsal"
	"heroku-drains/lib/stack"
)

type alertsTestCmd struct {
	appArg

	File string `short:"f" placeholder:"FILE" help:"The file with the rules. Without it: alerts.yaml in this folder, or the default rules."`
}

// Help is the sub-verb's long help.
func (alertsTestCmd) Help() string {
	return `Reads log lines from stdin: as 'heroku logs' and 'heroku-drains-cli logs' print them, with or without --json. Says which rules match them, how
often, and how close that is to an alert; which notifications would be sent, in a frame; and how many lines a drop rule would leave out.
Nothing is sent, and AWS is not called. The exit code is 1 if there was no log line.

The rules are run as on AWS, on the times of the lines, as if each had arrived when it was written. MOST is the largest number of lines within
the rule's window, or of samples in a row. Silence after the last line does not count.

Examples:

    heroku logs -a shop -n 1500 | heroku-drains-cli alerts test -a shop
    heroku-drains-cli logs -a shop --since 7d | heroku-drains-cli alerts test -a shop --file new-alerts.yaml
    heroku-drains-cli alerts test -a shop --output json <shop.log | jq -r '.data.notifications[].subject'`
}

// Run tries the rules.
func (c *alertsTestCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	if term.IsTerminal(s.Stdin) {
		return usagef("no lines given: pipe them in, for example %s", pipeline(s.command("logs -a %s", app), s.command("alerts test -a %s", app)))
	}
	rules, from, err := ruleSet(c.File)
	if err != nil {
		return err
	}
	p := s.startQuietProgress("Testing the rules…")
	defer p.Stop()
	input, err := alerts.ReadLines(s.Stdin, time.Now())
	if err != nil {
		return err
	}
	if len(input.Lines) == 0 {
		return noLines(s, app, input.Unknown)
	}
	result, err := rehearsal.Run(ctx, rehearsal.Options{
		Rules: rules, App: app, Stack: s.flags.Stack, Region: cmp.Or(s.flags.Region, os.Getenv("AWS_DEFAULT_REGION")), Local: s.flags.Local,
		Program: s.name + " " + stack.LocalFlags(s.flags.LocalAPIURL, s.flags.LocalAWSURL),
	}, input.Lines)
	p.Stop()
	if err != nil {
		return fmt.Errorf("test the alert rules of %s: %w", app, err)
	}
	return c.print(s, rules.Rules(app), from, input, result)
}

// noLines is the error if none of so many lines was a log line.
func noLines(s *session, app string, unknown int) error {
	found := "stdin was empty"
	if unknown > 0 {
		found = fmt.Sprintf("%s read, none of them a log line", plural.Count(unknown, "line"))
	}
	return fmt.Errorf("nothing was tested: %s; give lines such as '2026-11-27T10:00:00+00:00 app[web.1]: text', "+
		"which 'heroku logs' and %s print", found, s.command("logs -a %s", app))
}

func (alertsTestCmd) print(s *session, rules []alert.Rule, from string, input alerts.Input, result rehearsal.Result) error {
	told := []alert.Notification{}
	for _, n := range result.Told {
		told = append(told, n.Notification)
	}
	matched, left := alerts.Sum(rules, result.Reports, told)
	untried := alerts.UntriedOn(rules, input.Lines)
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"data": map[string]any{
			"lines": len(input.Lines), "unknown_lines": input.Unknown, "rules": matched, "dropped": left, "notifications": told, "untried": untried,
		}})
	}
	s.Note("Tested %s with %s.", plural.Count(len(input.Lines), "line"), from)
	if input.Unknown > 0 {
		s.Note("%s skipped: not in the form of 'heroku logs'.", plural.Count(input.Unknown, "line"))
	}
	if untried != nil {
		s.Note("The severity of %s is unknown, so these drop rules were not tried on them: %s. Lines that a drain with format json stores have it.",
			plural.Count(untried.Lines, "line"), strings.Join(untried.Rules, ", "))
	}
	if len(matched) == 0 {
		s.Note("No rule matches.")
	} else if err := s.PrintTable(matchedTable(matched)); err != nil {
		return err
	}
	for _, l := range left {
		text := fmt.Sprintf("%s drops %s", l.Rule, plural.Count(l.Lines, "line"))
		if l.Kept > 0 {
			text += fmt.Sprintf(", and keeps %d", l.Kept)
		}
		if err := s.PrintLine(text); err != nil {
			return err
		}
	}
	for _, n := range result.Told {
		if err := s.PrintFrame(eventColor(n.Event), n.Time.Format(time.RFC3339)+" "+n.Subject, n.Text); err != nil {
			return err
		}
	}
	return nil
}

// matchedTable returns the table of the rules that lines matched.
func matchedTable(matched []alerts.Matched) (heading []string, rows [][]string) {
	for _, m := range matched {
		needed := fmt.Sprintf("%d in a row", m.Threshold)
		switch {
		case m.Window > 0:
			needed = fmt.Sprintf("%d in %s", m.Threshold, m.Window)
		case m.Threshold == 0:
			needed = none
		}
		rows = append(rows, []string{
			m.Rule, fmt.Sprint(m.Lines), fmt.Sprint(m.Most), needed, fmt.Sprint(m.Alerts), cmp.Or(m.Title, none),
		})
	}
	return []string{"RULE", "LINES", "MOST", "NEEDED", "ALERTS", "TITLE"}, rows
}
