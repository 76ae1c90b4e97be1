package cli

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/console"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
)

// defaultSimulated is how many lines are sent without --lines and --duration.
const defaultSimulated = 100

type simulateCmd struct {
	appArg

	URL      string        `name:"url" placeholder:"URL" help:"The drain URL with its password. Not needed with --local."`
	Lines    *int          `xor:"end" placeholder:"N" help:"Stop after N lines. Without --duration: 100."`
	Duration time.Duration `xor:"end" placeholder:"TIME" help:"Stop after this time, such as 10s."`
	Scenario *scenario     `xor:"end" placeholder:"${scenarios}" help:"Send the log of a problem that raises an alert."`
	Rate     float64       `placeholder:"N" help:"Lines per second. Without it, as fast as the drain responds."`
	Size     int           `placeholder:"BYTES" help:"Size of each POST, up to 102400. Without it, sizes vary."`
	Nodes    *int          `placeholder:"N" help:"Send through N Logplex nodes, each with its own buffer and one POST at a time. With --space, N log-shuttles."`
	Space    bool          `help:"Send as log-shuttle does for the apps of a Private Space."`
	Fail     []failure     `placeholder:"FAULT" help:"A fault, such as slow:logs: see 'help local'. Repeatable."`
	Seed     uint64        `placeholder:"N" help:"Repeat an earlier run; without --rate, in the same POSTs."`
}

// Help is the verb's long help.
func (simulateCmd) Help() string {
	return `Sends lines of an imaginary app (router, dynos, Postgres, Redis, platform) as Heroku's Logplex does: it waits 5 seconds for a
response, tries three times, drops a batch at once on any 4xx except 429, and sends an L10 line after a loss. Exit code 1 if lines were
lost. Some lines are errors, such as H12 and R14, which raise alerts.

With --nodes, lines wait in a buffer of 1024 lines for each node, as on Heroku: a full one drops its oldest lines. With --space, log-shuttle sends
the lines, as it does for the apps of a Private Space: it drops a batch on any status of 400 or more, and repeats it only if there is no response.
--nodes is then the number of log-shuttles, each with a larger buffer. Both flags say what became of each line.

A scenario is the log of a problem in the last minutes, sent as fast as the drain responds. It makes an alert rule fire; see 'alerts'.

` + scenarioTexts() + `
With --fail, the local system fails while lines are sent; 'help local' lists the faults. At the end, it says how many calls each of them applied to. What is not stored at once is tried again after 6 minutes,
as on AWS, or after 10s if 'local' was started with --fail, too.

With --local, it also says what the traffic of all apps of the local system while it sent would cost a month on AWS, if that took 10 seconds or more.

Examples:

    heroku-drains-cli --local simulate -a shop
    heroku-drains-cli --local simulate -a shop --duration 1m --rate 20
    heroku-drains-cli --local simulate -a shop --scenario h12-storm
    heroku-drains-cli --local simulate -a shop --fail lost-answer:sqs --duration 1m --rate 20
    heroku-drains-cli --local simulate -a shop --nodes 4 --rate 2000 --duration 30s
    heroku-drains-cli simulate -a shop --lines 10000 --url https://shop:PASSWORD@HOST/drains/shop

Use the environment variable HEROKU_DRAINS_URL to keep the password out of the shell's history.`
}

// Run sends the lines and shows how many were accepted.
func (c *simulateCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	if err := c.checkFailures(s); err != nil {
		return err
	}
	url, err := c.drainURL(ctx, s, app)
	if err != nil {
		return err
	}
	stopFailures, err := c.startFailures(ctx, s)
	if err != nil {
		return err
	}
	defer stopFailures()
	meter := c.startMeter(ctx, s)
	seed := c.Seed
	if seed == 0 {
		seed = rand.Uint64N(1_000_000) + 1
	}
	generator := simulate.New(app, seed)
	sender, err := delivery.NewSender(url, generator.Token())
	if err != nil {
		return usagef("%s", err)
	}
	p := s.StartProgress("Sending test traffic to %s…", app)
	defer p.Stop()
	var lost delivery.Result
	lines := 0
	report := func(r delivery.Result) {
		if r.Lost {
			lost = r
		}
		lines += r.Lines
		p.Detail("Sending test traffic to %s: %s…", app, plural.Count(lines, "line"))
	}
	var sent simulate.Totals
	var ledger simulate.Ledger
	subscription := simulate.Subscription{URL: url, Token: generator.Token()}
	recorder := simulate.Recorder{Sender: sender, Ledger: &ledger, Drain: subscription}
	switch {
	case c.Scenario != nil:
		sent, err = simulate.Play(ctx, generator, recorder, c.Scenario.Scenario, report)
	case c.buffered():
		sent, err = c.runLogplex(ctx, generator, &ledger, subscription, plan, report)
	default:
		sent, err = simulate.Run(ctx, generator, recorder, plan, report)
	}
	month := meter.stop(ctx)
	p.Stop()
	if shown := c.print(s, app, sent, &ledger, seed, month); shown != nil {
		return shown
	}
	if err != nil {
		return err
	}
	if sent.LostLines > 0 {
		were := "were"
		if sent.LostLines == 1 {
			were = "was"
		}
		return fmt.Errorf("simulate the logs of %s: %d of %s %s lost: %s",
			app, sent.LostLines, plural.Count(sent.Lines, "line"), were, whyLost(s, app, lost))
	}
	if c.Scenario != nil {
		s.Note("See which alerts they raise: %s", s.command("alerts list -a %s", app))
	} else {
		s.Note("Show them: %s", s.command("logs -a %s", app))
	}
	return nil
}

func (c *simulateCmd) plan() (simulate.Plan, error) {
	switch {
	case c.Lines != nil && *c.Lines < 1:
		return simulate.Plan{}, usagef("--lines must be 1 or more")
	case c.Duration < 0 || c.Rate < 0 || c.Size < 0 || c.Size > delivery.MaxBytes:
		return simulate.Plan{}, usagef("--duration, --rate and --size must not be negative, and --size must be at most %d", delivery.MaxBytes)
	case c.Scenario != nil && (c.Rate > 0 || c.Size > 0):
		return simulate.Plan{}, usagef("--rate and --size cannot be used with --scenario")
	case c.Nodes != nil && (*c.Nodes < 1 || *c.Nodes > maxNodes):
		return simulate.Plan{}, usagef("--nodes must be from 1 to %d", maxNodes)
	case c.buffered() && (c.Scenario != nil || c.Size > 0):
		return simulate.Plan{}, usagef("--nodes and --space cannot be used with --scenario or --size")
	}
	p := simulate.Plan{Duration: c.Duration, Rate: c.Rate, Size: c.Size}
	switch {
	case c.Lines != nil:
		p.Lines = *c.Lines
	case p.Duration == 0:
		p.Lines = defaultSimulated
	}
	return p, nil
}

// drainURL returns --url, or the URL of a drain in the local system, which it creates if necessary.
func (c *simulateCmd) drainURL(ctx context.Context, s *session, app string) (string, error) {
	if c.URL != "" {
		return c.URL, nil
	}
	if !s.flags.Local {
		return "", usagef("no drain URL given: add --url (%s shows it), or --local", s.command("put -a %s --show-url", app))
	}
	aws, err := s.AWSOnly(ctx)
	if err != nil {
		return "", err
	}
	p := s.StartProgress("Looking up the drain for %s…", app)
	defer p.Stop()
	act := "get the drain URL of"
	_, err = aws.API.Get(ctx, app)
	missing := connect.IsNotFound(err)
	switch {
	case missing:
		act = "create the drain for"
		p.Step("Creating the drain for %s…", app)
	case err != nil:
		return "", fmt.Errorf("look up the drain for %s: %w", app, err)
	}
	aws.Progress = p
	d, _, err := aws.PutAWS(ctx, app, drain.Patch{}) // only this returns the URL
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", act, app, err)
	}
	if missing {
		p.Stop()
		s.Note("%s had no drain, so one was created. If the name was mistyped, delete it: %s", app, s.command("delete -a %s --yes --missing-apps", app))
	}
	return d.DrainURL, nil
}

func (c *simulateCmd) print(s *session, app string, t simulate.Totals, ledger *simulate.Ledger, seed uint64, month *console.Cost) error {
	if s.flags.Output == "json" {
		data := map[string]any{
			"posts": t.Batches, "lines": t.Lines, "bytes": t.Bytes, "retries": t.Retries,
			"lost_posts": t.LostBatches, "lost_lines": t.LostLines, "answers": t.Answers, "seed": seed,
			"ledger": ledgerData(ledger),
		}
		if month != nil {
			data["month_on_aws"] = month
		}
		return s.PrintJSON(map[string]any{"data": data})
	}
	text := fmt.Sprintf("Sent %s to the drain for %s in %s", plural.Count(t.Lines, "line"), app, plural.Count(t.Batches, "POST"))
	if t.LostBatches > 0 || t.Retries > 0 {
		text += fmt.Sprintf(" (responses %s; %s repeated)", responsesText(t.Answers), plural.Count(t.Retries, "attempt"))
	}
	s.Note("%s. To send the same lines again, add --seed %d.", text, seed)
	if c.buffered() {
		s.Note("%s", ledgerText(ledger))
	}
	s.noteMonth(month)
	return nil
}

// responsesText returns the responses by status, such as "200: 23, none: 1".
func responsesText(responses map[int]int) string {
	var texts []string
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		response := fmt.Sprint(status)
		if status == 0 {
			response = "none"
		}
		texts = append(texts, fmt.Sprintf("%s: %d", response, responses[status]))
	}
	return orNone(strings.Join(texts, ", "))
}

// whyLost returns the drain's response to the last batch that was lost, and what to do.
func whyLost(s *session, app string, r delivery.Result) string {
	switch {
	case r.Lines == 0: // no batch was lost
		return "the buffer was full, because the drain responds too slowly for this rate"
	case r.Status == 0:
		return fmt.Sprintf("%s; check that the API of the drain is running and reachable", r.Err)
	case r.Status == http.StatusUnauthorized:
		return "HTTP 401: the password in the URL is wrong; show the right URL with " + s.command("put -a %s --show-url", app)
	case r.Status == http.StatusNotFound:
		return "HTTP 404: the drain does not exist; create it with " + s.command("put -a %s", app)
	}
	return fmt.Sprintf("HTTP %d; see the log of the drains function", r.Status)
}
