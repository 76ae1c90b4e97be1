package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/client/alerts"
	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/plural"
)

// droppedView is what the drop rules left out for an app, by rule.
type droppedView []alerts.Total

// dropped returns what the drop rules left out for an app, or nil if that is nothing, or unknown to an older version of the API. If it cannot be
// read, it says so on stderr, and the verb shows everything else.
func (s *session) dropped(ctx context.Context, app string) droppedView {
	api, err := s.API(ctx)
	if err != nil {
		return nil // the verb has used it before
	}
	days, err := api.Dropped(ctx, app)
	if _, older := errors.AsType[*apiclient.NoAlertsError](err); !older && err != nil && ctx.Err() == nil {
		s.Note("Cannot show dropped lines: %s", errorText(err))
	}
	return alerts.Totals(days, time.Now())
}

// text says how many lines of each rule were dropped.
func (d droppedView) text() string {
	parts := make([]string, len(d))
	for i, t := range d {
		parts[i] = fmt.Sprintf("%s: %s in 14 days, %d today", t.Rule, plural.Count(t.Lines, "line"), t.Today)
		if t.Kept > 0 {
			parts[i] += fmt.Sprintf(" (%d more kept)", t.Kept)
		}
	}
	return strings.Join(parts, "; ")
}
