package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

type costCmd struct {
	costFigures
}

// costFigures are the flags of an estimate.
type costFigures struct {
	NumApps          *float64 `name:"apps" placeholder:"N" help:"How many apps have a drain."`
	GB               *float64 `name:"gb" placeholder:"N" help:"How many GB Heroku sends in a month, for all apps."`
	PostSize         float64  `default:"10" placeholder:"KB" help:"Mean size of a POST (default ${default} kB)."`
	Batch            float64  `default:"10" placeholder:"N" help:"How many POSTs are stored at a time (default ${default})."`
	Format           string   `enum:"text,json" default:"text" help:"How lines are stored."`
	InfrequentAccess bool     `help:"Of the log group: logClass=infrequent-access."`
	RetentionDays    float64  `default:"${retention_days}" placeholder:"N" help:"How long lines are kept (default ${default})."`
	Dedup            string   `enum:"warm,durable" default:"warm" help:"How copies are recognized."`
	AppMetrics       string   `enum:"none,errors,all" default:"none" placeholder:"SET" help:"none, errors or all (default ${default})."`
}

// Help is the verb's long help.
func (costCmd) Help() string {
	return `With --apps and --gb, it says what heroku-drains costs a month for these figures. That needs no account.

The estimate counts what AWS bills, as docs/costs.md explains: with the measured lengths of messages and lines of simulated traffic, and with assumptions
about how long the functions run, and that in each app a line matches an alert rule every ten minutes. Heroku decides how large a POST is: busy
apps send larger ones. Up to ten are stored at a time; those of a quiet app are stored alone (--batch 1). It contains neither taxes nor free tiers. Below the total, it says what is left if nothing else in the account uses the
free tiers that each account has every month. --region chooses the price list; for a Region without one, it is that of us-east-1.

Examples:

    heroku-drains-cli cost --apps 20 --gb 50
    heroku-drains-cli cost --apps 20 --gb 50 --format json --infrequent-access --region eu-west-1
    heroku-drains-cli cost --apps 1 --gb 0.1 --post-size 1 --batch 1`
}

// Run shows costs.
func (c *costCmd) Run(_ context.Context, s *session) error {
	f, err := c.figures()
	if err != nil {
		return err
	}
	v := newBillView(cost.Estimate(f), cmp.Or(s.flags.Region, cost.USEast1))
	if err := s.printBill(v); err != nil {
		return err
	}
	s.notePrices(v)
	if alone := f; f.Batch > 1 && !s.given("--batch") {
		alone.Batch = 1
		s.Note("If each POST is stored alone, as those of quiet apps are, it costs $%.2f more: --batch 1.", newBillView(cost.Estimate(alone), v.Region).Total-v.Total)
	}
	return nil
}

// figures checks the flags.
func (c costFigures) figures() (cost.Figures, error) {
	if c.NumApps == nil || c.GB == nil {
		return cost.Figures{}, usagef("give --apps and --gb: how many apps have a drain, and how many GB Heroku sends in a month")
	}
	for _, limit := range []struct {
		flag            string
		value, from, to float64
		condition       string
	}{
		{"--apps", *c.NumApps, 0, 1_000_000, "0 to 1000000"},
		{"--gb", *c.GB, 0, 100_000_000, "0 to 100000000"},
		{"--post-size", c.PostSize, 0.1, 5000, "0.1 to 5000, in kB"},
		{"--batch", c.Batch, 1, drain.MaxBatchWithoutWindow, "1 to 10"},
		{"--retention-days", c.RetentionDays, 1, 3653, "1 to 3653"},
	} {
		if !(limit.value >= limit.from && limit.value <= limit.to) { // also not a number
			return cost.Figures{}, usagef("%s must be %s", limit.flag, limit.condition)
		}
	}
	metrics, _ := stack.AppMetrics(c.AppMetrics).Count()
	f := cost.Figures{
		Apps: *c.NumApps, GB: *c.GB, PostBytes: c.PostSize * 1000, Batch: c.Batch, Format: cost.Format(c.Format), Days: c.RetentionDays,
		Dedup: stack.Dedup(c.Dedup) == stack.DedupDurable, AppMetrics: float64(metrics),
		Alerts: cost.NormalAlerts(*c.NumApps),
	}
	if c.InfrequentAccess {
		f.Class = cost.InfrequentAccess
	}
	return f, nil
}

// given reports whether a flag is on the command line.
func (s *session) given(flag string) bool {
	return slices.ContainsFunc(s.args, func(arg string) bool { return arg == flag || strings.HasPrefix(arg, flag+"=") })
}
