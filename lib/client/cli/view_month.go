package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/local/metering"
)

// noteMonthOf says what the traffic of the last minutes would cost.
func (s *session) noteMonthOf(meter *metering.Recent) {
	s.noteMonth(costOf(meter.Month(context.Background()))) // the context of the verb has ended
}

// seconds writes a time: "45s", "10m", "1m30s".
func seconds(n float64) string {
	text := time.Duration(n * float64(time.Second)).Round(time.Second).String()
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		return whole + "m"
	}
	return text
}

// noteMonth says what the traffic of the whole local system, which the meter counts, would cost on AWS, part by part. nil: nothing is known.
func (s *session) noteMonth(c *console.Cost) {
	if c == nil {
		return
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	others := 0.0
	for _, item := range c.Parts {
		if item.Dollars < 0.005 {
			others += item.Dollars
			continue
		}
		fmt.Fprintf(table, "  %s\t%s\t$%s\n", item.Part, quantity(item.Units, item.Unit), dollars(item.Dollars))
	}
	if others >= 0.005 {
		fmt.Fprintf(table, "  other parts\t\t$%s\n", dollars(others))
	}
	_ = table.Flush() // a strings.Builder takes everything
	s.Note("At the rate of the last %s (%.3g POSTs per second of all apps of the local system), AWS would charge about $%s a month, at list prices of %s without free tiers:\n%s",
		seconds(c.Seconds), c.Posts/c.Seconds, dollars(c.Total), c.Region, strings.TrimRight(text.String(), "\n"))
}
