package alerts

import (
	"time"

	"heroku-drains/lib/alert"
)

// Total counts the lines that drop rules did not store, by rule.
type Total struct {
	Rule  string `json:"rule"`
	Today int    `json:"today"` // lines that were not stored, since midnight UTC
	Lines int    `json:"lines"` // in all days
	Kept  int    `json:"kept"`  // lines that were stored as the rule's sample, in all days
}

// Totals adds up the days of each rule, in the order in which the rules first appear.
func Totals(days []alert.DroppedDay, now time.Time) []Total {
	totals := []Total{}
	at := map[string]int{}
	for _, d := range days {
		i, known := at[d.Rule]
		if !known {
			i = len(totals)
			at[d.Rule] = i
			totals = append(totals, Total{Rule: d.Rule})
		}
		totals[i].Lines += d.Lines
		totals[i].Kept += d.Kept
		if d.Day.Equal(now.UTC().Truncate(24 * time.Hour)) {
			totals[i].Today += d.Lines
		}
	}
	return totals
}
