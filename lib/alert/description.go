package alert

import (
	"fmt"
	"strconv"
	"strings"
)

// describe returns what a default rule means with the limits that alerts.yaml gives it: the default's text states those of the default. It is empty
// if the change has no limit that texts state.
func describe(r Rule, change Change) string {
	switch {
	case r.Kind == Slow && change.Over != nil:
		return fmt.Sprintf("Requests took more than %s ms until the response was complete. WebSocket connections do not count.", figureText(*r.Over))
	case r.Kind == Status && change.Status != nil:
		return fmt.Sprintf("The app answered requests with the status %s.", r.Status)
	case r.Kind == Samples && (change.Over != nil || change.Under != nil || change.Metric != nil || change.Threshold != nil || change.Interval != nil):
		var limits []string
		if r.Over != nil {
			limits = append(limits, "over "+figureText(*r.Over))
		}
		if r.Under != nil {
			limits = append(limits, "under "+figureText(*r.Under))
		}
		return fmt.Sprintf("%s was %s in %d samples in a row.", r.Metric, strings.Join(limits, " or "), r.Threshold)
	}
	return ""
}

func figureText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
