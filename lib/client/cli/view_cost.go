package cli

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"heroku-drains/lib/client/usage"
	"heroku-drains/lib/cost"
)

// billView is what a month costs, as JSON.
type billView struct {
	Region      string        `json:"region"`       // of the prices
	PricesFrom  string        `json:"prices_from"`  // when the oldest of the prices was read
	PricesUntil string        `json:"prices_until"` // when the latest was
	Parts       []cost.Item   `json:"parts"`
	Total       float64       `json:"total"`           // dollars a month
	WithFree    float64       `json:"with_free_tiers"` // if nothing else in the account uses them
	Since       string        `json:"since,omitempty"` // when the measured time begins; RFC 3339
	Until       string        `json:"until,omitempty"`
	Apps        []appCostView `json:"apps,omitempty"`
	asked       string        // the Region that has no price list
}

// appCostView is what an app costs a month. The rest of the total is the stack's.
type appCostView struct {
	App     string  `json:"app"`
	Posts   float64 `json:"posts"`
	Lines   float64 `json:"lines"`
	Dollars float64 `json:"dollars"`
}

// measured adds when the usage was measured, and what each app has of it.
func (v *billView) measured(m usage.Measured, apps []usage.App) {
	v.Since, v.Until = m.Since.UTC().Format(time.RFC3339), m.Until.UTC().Format(time.RFC3339Nano)
	p, _ := cost.In(v.Region)
	for _, app := range apps {
		v.Apps = append(v.Apps, appCostView{app.Name, rounded(app.Posts, 0), rounded(app.Lines, 0), rounded(app.Usage.Bill(p).Dollars(), 6)})
	}
}

// newBillView returns the bill of a month in a Region.
func newBillView(u cost.Usage, region string) billView {
	p, known := cost.In(region)
	v := billView{Region: p.Region}
	if !known {
		v.asked = region
	}
	v.PricesFrom, v.PricesUntil = p.Dates()
	for _, item := range u.Bill(p) {
		if item.Units > 0 {
			item.Units, item.Dollars = rounded(item.Units, 3), rounded(item.Dollars, 6)
			v.Parts = append(v.Parts, item)
		}
	}
	v.Total = rounded(u.Bill(p).Dollars(), 6)
	v.WithFree = rounded(u.Plus(u.Free().Times(-1)).Bill(p).Dollars(), 6)
	return v
}

// printBill shows a bill as a table, or as JSON.
func (s *session) printBill(v billView) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"data": v})
	}
	var rows [][]string
	for _, item := range v.Parts {
		rows = append(rows, []string{item.Part, quantity(item.Units, item.Unit), dollars(item.Dollars)})
	}
	err := s.PrintTable([]string{"PART", "A MONTH", "DOLLARS"}, append(rows,
		[]string{"total", "", dollars(v.Total)},
		[]string{"with AWS's free tiers", "", dollars(v.WithFree)}))
	if err != nil || len(v.Apps) == 0 {
		return err
	}
	rows = nil
	rest := v.Total
	for _, app := range v.Apps {
		rows = append(rows, []string{app.App, quantity(app.Posts, "POSTs"), quantity(app.Lines, "lines"), dollars(app.Dollars)})
		rest -= app.Dollars
	}
	return cmp.Or(s.PrintLine(""), s.PrintTable([]string{"APP", "POSTS A MONTH", "LINES A MONTH", "DOLLARS"}, append(rows, []string{"the stack", "", "", dollars(rest)})))
}

// notePrices says which prices a bill has, and what it does not contain.
func (s *session) notePrices(v billView) {
	if v.asked != "" {
		s.Note("The prices of %s are not known here. These are those of %s.", v.asked, v.Region)
	}
	s.Note("List prices of %s, read from %s to %s, without taxes, support, and queries that people run. The free tiers are those that each account has every month: "+
		"they save $%s, if nothing else uses them.", v.Region, v.PricesFrom, v.PricesUntil, dollars(v.Total-v.WithFree))
}

func dollars(amount float64) string { return fmt.Sprintf("%.2f", amount) }

func rounded(n float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(n*scale) / scale
}

// quantity writes a number of units: "1.5 million requests", "50 GB".
func quantity(n float64, unit string) string {
	if rest, ok := strings.CutPrefix(unit, "byte"); ok {
		prefix := "B"
		for _, p := range []string{"kB", "MB", "GB", "TB"} {
			if n < 999.5 {
				break
			}
			n, prefix = n/1000, p
		}
		return fmt.Sprintf("%.3g %s%s", n, prefix, strings.TrimPrefix(rest, "s"))
	}
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%.4g million %s", n/1_000_000, unit)
	case n < 10 && n != math.Trunc(n):
		return fmt.Sprintf("%.2f %s", n, unit)
	case n == 1:
		thing, size, sized := strings.Cut(unit, " ") // requests of 64 KB
		if thing = "1 " + strings.TrimSuffix(thing, "s"); sized {
			thing += " " + size
		}
		return thing
	}
	return fmt.Sprintf("%.0f %s", n, unit)
}
