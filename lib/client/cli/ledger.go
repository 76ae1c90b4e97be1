package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/client/daily"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/ledger"
)

type ledgerCmd struct {
	appArg

	Days int `default:"7" placeholder:"N" help:"How many days to show, 1 to 14. 1 is today, in UTC."`
}

// Help is the verb's long help.
func (ledgerCmd) Help() string {
	return `Each line that was taken has one fate, so that TAKEN is the sum of STORED, BLANK (nothing but white space), DROPPED (by a rule), REJECTED (CloudWatch
Logs did not accept their time) and DUPLICATES (recognized as stored before). If a day does not add up, stderr says so. RETURNED are lines that were put
back because their batch failed: SQS delivers it again, and they are TAKEN then, or it becomes a dead letter. In JSON, "taken" has them, too.

LOST is what nobody can get back: REJECTED, and what Heroku says it lost on the way: L10 (this drain did not take it), L12 (a dyno
printed too fast), L13 (a dyno could not deliver it). POSTS are those whose lines are stored, COPIES batches that came again.
REFUSED are POSTs that the drains function answered with a 4xx status, whose lines Heroku drops; UNAVAILABLE those that it answered with 5xx or
429, which Logplex sends again. POSTs that do not reach the function are known only from the L10 lines that follow. Stored lines may be MALFORMED (not in Heroku's format), ESCAPED (CloudWatch Logs refused them as they were) or MOVED (to
a time that it accepts). MISCOUNTED is by how many lines POSTs differ from what their header says. UNCLAIMED and UNMARKED are messages
that durable dedup did not protect, because DynamoDB did not answer or refused: a copy of them is stored again. LAG is the longest time from when a POST arrived until
its lines were stored, however old the lines were.
Columns without anything to show are left out; JSON has all.

A day counts what was done on that day, in UTC. The ledger is in the functions' logs, which are kept for 14 days; CloudWatch Logs Insights
adds it up, and AWS charges $0.005 for each GB of these logs. The last seconds may be missing, and lines that wait in a queue
are not taken yet: see WAITING in 'list'.

Examples:

    heroku-drains-cli ledger -a shop
    heroku-drains-cli ledger 'shop-*' --days 1
    heroku-drains-cli ledger --output json | jq -r '.data.days[] | select(.lost > 0) | "\(.day) \(.app) \(.lost)"'`
}

// Run shows the ledger.
func (c *ledgerCmd) Run(ctx context.Context, s *session) error {
	apps, err := s.apps(nameOrPattern)
	switch {
	case err != nil:
		return err
	case c.Days < 1 || c.Days > daily.MaxDays:
		return usagef("--days must be 1 to %d, because the functions' logs are kept for %d days", daily.MaxDays, daily.MaxDays)
	}
	now := time.Now()
	days, err := c.read(ctx, s, now, apps)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	if s.flags.Output == "json" {
		err = s.PrintJSON(map[string]any{"data": newLedgerView(daily.First(now, c.Days), days)})
	} else if len(days) > 0 {
		err = s.printLedger(days)
	}
	if len(days) == 0 {
		s.Note("There are no lines%s since %s. The last seconds may be missing.", ofApp(strings.Join(apps, ", ")), daily.First(now, c.Days).Format(time.DateOnly))
	}
	for _, app := range apps {
		known := slices.ContainsFunc(days, func(d ledger.Day) bool { return d.App == app })
		if exactName(app) == nil && !known {
			s.noteNoDrain(ctx, app)
		}
	}
	for _, d := range days {
		if n := d.Unaccounted(); n != 0 {
			s.Note("%s does not add up for %s: %s taken, and %d accounted for. Please report this error in heroku-drains.",
				d.Day.Format(time.DateOnly), d.App, plural.Count(d.Taken, "line"), d.Taken-n)
		}
	}
	return err
}

// read reads the days of the apps.
func (c *ledgerCmd) read(ctx context.Context, s *session, now time.Time, apps []string) ([]ledger.Day, error) {
	reader, err := daily.Open(ctx, s.Installation, s.wait)
	if err != nil {
		return nil, err
	}
	p := s.StartProgress("Adding up the last %s…", plural.Count(c.Days, "day"))
	defer p.Stop()
	asked := apps
	if slices.ContainsFunc(apps, func(app string) bool { return exactName(app) != nil }) {
		asked = nil // the query knows no patterns
	}
	found, err := reader.Read(ctx, now, c.Days, asked...)
	days := found[:0]
	for _, d := range found {
		if isAmong(apps, d.App) {
			days = append(days, d)
		}
	}
	return days, err
}
