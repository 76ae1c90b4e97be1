package cli

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"heroku-drains/lib/awscall/metricscall"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/daily"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/usage"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

type costCmd struct {
	Days int `default:"7" placeholder:"N" help:"Without --apps and --gb: how many days to measure, 1 to 14."`

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
	RetentionDays    int      `default:"${retention_days}" placeholder:"N" help:"How long lines are kept (default ${default})."`
	Dedup            string   `enum:"warm,durable" default:"warm" help:"How copies are recognized."`
	AppMetrics       string   `enum:"none,errors,all" default:"none" placeholder:"SET" help:"none, errors or all (default ${default})."`
}

// Help is the verb's long help.
func (costCmd) Help() string {
	return `With --apps and --gb, it says what heroku-drains costs a month for these figures. That needs no account.

Without them, it measures a stack: what its API, functions, queues and log groups were used for in the last days, by CloudWatch's metrics, scaled to a
month of 30 days; and what each app has of that, by its POSTs and lines in the ledger. It changes nothing; AWS charges $0.01 for 1000 metrics, of
which each app has three, and for the query of the ledger. CloudWatch does not say what a stack's settings are: if they differ from the defaults, give
--infrequent-access, --retention-days, --dedup and --app-metrics. Alarms, custom metrics and dashboards, reads of the signing key, and the alerts'
table are taken from the estimate.

The estimate counts what AWS bills, as docs/costs.md explains: with the measured lengths of messages and lines of simulated traffic, and with assumptions
about how long the functions run, and that in each app a line matches an alert rule every ten minutes. Heroku decides how large a POST is: busy
apps send larger ones. Up to ten are stored at a time; those of a quiet app are stored alone (--batch 1). It contains neither taxes nor free tiers. Below the total, it says what is left if nothing else in the account uses the
free tiers that each account has every month. --region chooses the price list; for a Region without one, it is that of us-east-1.

Examples:

    heroku-drains-cli cost
    heroku-drains-cli cost --apps 20 --gb 50
    heroku-drains-cli cost --apps 20 --gb 50 --format json --infrequent-access --region eu-west-1
    heroku-drains-cli cost --apps 1 --gb 0.1 --post-size 1 --batch 1`
}

// Run shows costs.
func (c *costCmd) Run(ctx context.Context, s *session) error {
	estimate := c.NumApps != nil || c.GB != nil
	for _, flag := range []string{"--days", "--post-size", "--batch", "--format"} {
		switch ofStack := flag == "--days"; {
		case !s.given(flag) || ofStack != estimate:
		case estimate:
			return usagef("%s is how long to measure a stack, and --apps and --gb are for an estimate: give one or the other", flag)
		default:
			return usagef("%s is for an estimate: give --apps and --gb, too", flag)
		}
	}
	f, err := c.figures()
	switch {
	case err != nil:
		return err
	case s.flags.Region != "" && !installation.IsRegion(s.flags.Region):
		return &cause.RegionError{Region: s.flags.Region}
	case !estimate:
		return c.measure(ctx, s, usage.Settings{Class: f.Class, Days: f.Days, Dedup: f.Dedup, AppMetrics: f.AppMetrics})
	case c.NumApps == nil || c.GB == nil:
		return usagef("give both --apps and --gb: how many apps have a drain, and how many GB Heroku sends in a month")
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

// measure shows what the stack costs.
func (c *costCmd) measure(ctx context.Context, s *session, settings usage.Settings) error {
	if c.Days < 1 || c.Days > daily.MaxDays {
		return usagef("--days must be 1 to %d, because the functions' logs are kept for %d days", daily.MaxDays, daily.MaxDays)
	}
	m, apps, err := c.read(ctx, s)
	if err != nil {
		return fmt.Errorf("measure the stack: %w", err)
	}
	if m.Since.IsZero() {
		s.Note("CloudWatch has no usage of the last %s. It may take some minutes until it has.", plural.Count(c.Days, "day"))
		if s.flags.Output == "json" {
			return s.PrintJSON(map[string]any{"data": nil})
		}
		return nil
	}
	cfg, err := s.AWS(ctx)
	if err != nil {
		return err
	}
	days, err := c.ledger(ctx, s)
	if err != nil {
		s.Note("Cannot show what each app costs: %s", errorText(err))
	}
	region := cfg.Region
	if s.IsLocal() { // it is in no Region, so that another one can be asked about
		region = cmp.Or(s.flags.Region, region)
	}
	v := newBillView(m.Month(apps, settings), region)
	v.measured(m, m.ByApp(apps, days, settings))
	if err := s.printBill(v); err != nil {
		return err
	}
	s.Note("Measured since %s, and scaled to 30 days. Alarms, metrics, dashboards, the signing key and the alerts' table are estimated; SNS is not included.",
		m.Since.UTC().Format("2006-01-02 15:04 UTC"))
	if m.Until.Sub(m.Since) < time.Hour {
		s.Note("Less than an hour was measured, so a month may cost much more or less.")
	}
	s.notePrices(v)
	return nil
}

// read reads the metrics.
func (c *costCmd) read(ctx context.Context, s *session) (m usage.Measured, apps []string, err error) {
	p := s.StartProgress("Reading the metrics of the last %s…", plural.Count(c.Days, "day"))
	defer p.Stop()
	cfg, err := s.AWS(ctx)
	if err != nil {
		return m, nil, err
	}
	outputs, err := s.Outputs(ctx)
	if err == nil && outputs.StorageFunction == "" { // --api-url skips the stack
		outputs, err = s.Deployed(ctx)
	}
	switch {
	case err != nil:
		return m, nil, err
	case outputs.StorageFunction == "" || outputs.DrainsFunction == "":
		return m, nil, daily.ErrOlder
	}
	onAWS, err := s.AWSOnly(ctx)
	if err != nil {
		return m, nil, err
	}
	drains, err := onAWS.List(ctx, nil)
	if err != nil {
		return m, nil, fmt.Errorf("list the drains: %w", err)
	}
	for _, d := range drains {
		apps = append(apps, d.App)
	}
	reader := usage.Reader{
		Client: metricscall.New(cloudwatch.NewFromConfig(cfg)), Outputs: outputs, AccessLog: stack.Name(s.flags.Stack).AccessLogGroup(), Period: time.Hour,
	}
	if s.IsLocal() {
		reader.AccessLog, reader.Period = stack.LocalAccessLogGroup, time.Minute // it may have been started just now
	}
	now := time.Now()
	m, err = reader.Read(ctx, daily.First(now, c.Days), now, apps)
	return m, apps, err
}

// ledger reads the ledger.
func (c *costCmd) ledger(ctx context.Context, s *session) ([]ledger.Day, error) {
	reader, err := daily.Open(ctx, s.Installation, s.wait)
	if err != nil {
		return nil, err
	}
	p := s.StartProgress("Adding up the ledger…")
	defer p.Stop()
	return reader.Read(ctx, time.Now(), c.Days)
}

// figures checks the flags.
func (c costFigures) figures() (cost.Figures, error) {
	var apps, gb float64
	if c.NumApps != nil {
		apps = *c.NumApps
	}
	if c.GB != nil {
		gb = *c.GB
	}
	for _, limit := range []struct {
		flag            string
		value, from, to float64
		condition       string
	}{
		{"--apps", apps, 0, 1_000_000, "0 to 1000000"},
		{"--gb", gb, 0, 100_000_000, "0 to 100000000"},
		{"--post-size", c.PostSize, 0.1, 4400, "0.1 to 4400, in kB"},
		{"--batch", c.Batch, 1, drain.MaxBatchWithoutWindow, "1 to 10"},
	} {
		if !(limit.value >= limit.from && limit.value <= limit.to) { // also not a number
			return cost.Figures{}, usagef("%s must be %s", limit.flag, limit.condition)
		}
	}
	switch {
	case apps != math.Trunc(apps):
		return cost.Figures{}, usagef("--apps must be a whole number")
	case !slices.Contains(stack.Retentions(), c.RetentionDays):
		return cost.Figures{}, usagef("--retention-days must be one of %s: these are the times for which CloudWatch Logs can keep lines", strings.ReplaceAll(strings.Trim(fmt.Sprint(stack.Retentions()), "[]"), " ", ", "))
	}
	metrics, _ := stack.AppMetrics(c.AppMetrics).Count()
	f := cost.Figures{
		Apps: apps, GB: gb, PostBytes: c.PostSize * 1000, Batch: c.Batch, Format: cost.Format(c.Format), Days: float64(c.RetentionDays),
		Dedup: stack.Dedup(c.Dedup) == stack.DedupDurable, AppMetrics: float64(metrics),
		Alerts: cost.NormalAlerts(apps),
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
