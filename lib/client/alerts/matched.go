package alerts

import (
	"slices"
	"time"

	"heroku-drains/lib/alert"
)

// Matched says how often lines matched a rule.
type Matched struct {
	Rule      string         `json:"rule"`
	Title     string         `json:"title,omitempty"`
	Lines     int            `json:"lines"`
	Most      int            `json:"most"` // within the rule's window, or in a row: an alert begins with Threshold
	Threshold int            `json:"threshold"`
	Window    alert.Duration `json:"window,omitempty"` // empty: lines are counted in a row
	Alerts    int            `json:"alerts"`           // how many began
}

// Left says what a drop rule left out.
type Left struct {
	Rule  string `json:"rule"`
	Lines int    `json:"lines"` // not stored
	Kept  int    `json:"kept"`  // stored as the rule's sample
}

// rowGap is how far samples in a row may be apart, in intervals of the rule. See lib/lambda/alerting/state.
const rowGap = 1.75

// Sum adds up what lines matched: the rules in force for an app that did, in their order, and what drop rules left out.
func Sum(rules []alert.Rule, reports []alert.Report, told []alert.Notification) (matched []Matched, left []Left) {
	matched, left = []Matched{}, []Left{}
	counts := map[string]map[string][]alert.Count{} // by rule and subject
	dropped := map[string]Left{}
	for _, r := range reports {
		for _, hit := range r.Hits {
			if counts[hit.Rule] == nil {
				counts[hit.Rule] = map[string][]alert.Count{}
			}
			counts[hit.Rule][hit.Subject] = append(counts[hit.Rule][hit.Subject], hit.Counts...)
		}
		for _, d := range r.Dropped {
			sum := dropped[d.Rule]
			dropped[d.Rule] = Left{Rule: d.Rule, Lines: sum.Lines + d.Lines, Kept: sum.Kept + d.Kept}
		}
	}
	began := map[string]int{}
	for _, n := range told {
		if n.Event == alert.Firing {
			began[n.Rule]++
		}
	}
	for _, r := range rules {
		if sum, ok := dropped[r.Name]; ok {
			left = append(left, sum)
		}
		if counts[r.Name] == nil && began[r.Name] == 0 {
			continue
		}
		m := Matched{Rule: r.Name, Title: r.Title, Threshold: r.Threshold, Window: r.Window, Alerts: began[r.Name]}
		for _, of := range counts[r.Name] {
			slices.SortStableFunc(of, func(a, b alert.Count) int { return int(a.At - b.At) })
			m.Lines += total(of)
			m.Most = max(m.Most, most(r, of))
		}
		matched = append(matched, m)
	}
	return matched, left
}

// total returns the number of lines.
func total(counts []alert.Count) int {
	n := 0
	for _, c := range counts {
		n += c.Lines
	}
	return n
}

// most returns the largest number of lines within the window of a rule, or of samples in a row. The counts are in order of time.
func most(r alert.Rule, counts []alert.Count) int {
	window := int64(time.Duration(r.Window) / time.Second)
	gap := int64(rowGap * float64(time.Duration(r.Interval)/time.Second))
	from, lines, largest := 0, 0, 0
	for i, c := range counts {
		if r.Kind == alert.Samples {
			if i == 0 || c.At-counts[i-1].At > gap {
				lines = 0
			}
			if i == 0 || c.At != counts[i-1].At {
				lines++ // two values of a second are one sample
			}
		} else {
			for lines += c.Lines; c.At-counts[from].At >= window; from++ {
				lines -= counts[from].Lines
			}
		}
		largest = max(largest, lines)
	}
	return largest
}
