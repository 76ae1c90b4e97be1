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

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
)

// defaultSimulated is how many lines go out when neither --lines nor --duration is given.
const defaultSimulated = 100

type simulateCmd struct {
	URL      string        `name:"url" placeholder:"URL" help:"The drain URL with its password. With --local it is found by itself."`
	Lines    *int          `xor:"end" placeholder:"N" help:"Stop after N lines. Without --duration: 100."`
	Duration time.Duration `xor:"end" placeholder:"TIME" help:"Stop after this time, such as 10s."`
	Rate     float64       `placeholder:"N" help:"Lines per second. Without it, as fast as the drain answers."`
	Size     int           `placeholder:"BYTES" help:"Fill each POST to this size, up to 102400. Without it, from one line to the largest."`
	Seed     uint64        `placeholder:"N" help:"Send the lines of an earlier run again; without --rate, in the same POSTs."`
}

// Help is the verb's long help.
func (simulateCmd) Help() string {
	return `Sends lines of a made-up app (router, dynos, Postgres, Redis, platform) the way Heroku's Logplex does: 5 seconds for an answer,
three tries in all, a batch dropped at once on any 4xx but 429, an L10 line after a loss. Exit code 1 if anything was lost.

Examples:

    heroku-drains-cli --local simulate -a shop
    heroku-drains-cli --local simulate -a shop --duration 1m --rate 20
    heroku-drains-cli simulate -a shop --lines 10000 --url https://shop:PASSWORD@HOST/drains/shop

The variable HEROKU_DRAINS_URL keeps the password out of the shell's history.`
}

// Run sends the lines and shows what became of them.
func (c *simulateCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	url, err := c.drainURL(ctx, s, app)
	if err != nil {
		return err
	}
	seed := c.Seed
	if seed == 0 {
		seed = rand.Uint64N(1_000_000) + 1
	}
	generator := simulate.New(app, seed)
	sender, err := delivery.NewSender(url, generator.Token())
	if err != nil {
		return usagef("%s", err)
	}
	p := s.StartProgress("Sending log lines of %s…", app)
	defer p.Stop()
	var lost delivery.Result
	lines := 0
	sent, err := simulate.Run(ctx, generator, sender, plan, func(r delivery.Result) {
		if r.Lost {
			lost = r
		}
		lines += r.Lines
		p.Detail("Sending log lines of %s… %d", app, lines)
	})
	p.Stop()
	if shown := s.printSent(sent, seed); shown != nil {
		return shown
	}
	if err != nil {
		return err
	}
	if sent.LostLines > 0 {
		return fmt.Errorf("simulate the logs of %s: %d of %d lines are lost: %s", app, sent.LostLines, sent.Lines, whyLost(lost))
	}
	return nil
}

func (c *simulateCmd) plan() (simulate.Plan, error) {
	switch {
	case c.Lines != nil && *c.Lines < 1:
		return simulate.Plan{}, usagef("--lines must be 1 or more")
	case c.Duration < 0 || c.Rate < 0 || c.Size < 0 || c.Size > delivery.MaxBytes:
		return simulate.Plan{}, usagef("--duration, --rate and --size must not be negative, and --size not over %d", delivery.MaxBytes)
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

// drainURL is --url, or what the system on this machine answers to a PUT.
func (c *simulateCmd) drainURL(ctx context.Context, s *session, app string) (string, error) {
	if c.URL != "" {
		return c.URL, nil
	}
	if !s.flags.Local {
		return "", usagef("no drain URL is given: add --url (`%s put -a %s --show-url` shows it), or --local", program, app)
	}
	api, err := s.api(ctx)
	if err != nil {
		return "", err
	}
	p := s.StartProgress("Making the drain of %s…", app)
	defer p.Stop()
	d, _, err := s.awsSide(api, p).PutAWS(ctx, app, drain.Patch{})
	if err != nil {
		return "", fmt.Errorf("make the drain of %s: %w", app, err)
	}
	return d.DrainURL, nil
}

func (s *session) printSent(t simulate.Totals, seed uint64) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"data": map[string]any{
			"posts": t.Batches, "lines": t.Lines, "bytes": t.Bytes, "retries": t.Retries,
			"lost_posts": t.LostBatches, "lost_lines": t.LostLines, "answers": t.Answers, "seed": seed,
		}})
	}
	return s.PrintRows([][2]string{
		{"Lines", fmt.Sprint(t.Lines)},
		{"POSTs", fmt.Sprint(t.Batches)},
		{"Bytes", fmt.Sprint(t.Bytes)},
		{"Answers", answersText(t.Answers)},
		{"Retries", fmt.Sprint(t.Retries)},
		{"Lost lines", fmt.Sprint(t.LostLines)},
		{"Seed", fmt.Sprint(seed)},
	})
}

// answersText is such as "200: 23, none: 1".
func answersText(answers map[int]int) string {
	var texts []string
	for _, status := range slices.Sorted(maps.Keys(answers)) {
		answer := fmt.Sprint(status)
		if status == 0 {
			answer = "none"
		}
		texts = append(texts, fmt.Sprintf("%s: %d", answer, answers[status]))
	}
	return orNone(strings.Join(texts, ", "))
}

// whyLost is what the drain said to the last batch that was lost, and what that means.
func whyLost(r delivery.Result) string {
	switch {
	case r.Status == 0:
		return fmt.Sprintf("%s; is the drain's API running and reachable?", r.Err)
	case r.Status == http.StatusUnauthorized:
		return "the drain answered 401; the password is not this drain's: take the URL from `put --show-url`"
	case r.Status == http.StatusNotFound:
		return "the drain answered 404; there is no such drain: `put` makes it"
	}
	return fmt.Sprintf("the drain answered %d; the function's own logs say why", r.Status)
}
