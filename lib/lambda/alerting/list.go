package alerting

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/alerting/state"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

// getAlerts returns the state of all rules, or of those of one app.
func (h *Handler) getAlerts(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	if err := gateway.CheckQuery(r, stack.RouteApp); err != nil {
		return gateway.Response{}, err
	}
	var items []table.Item
	app, one := r.QueryStringParameters[stack.RouteApp]
	err := drain.ValidateApp(app)
	switch {
	case !one:
		items, err = h.Table.All(ctx)
	case err == nil:
		items, err = h.Table.App(ctx, app, "")
	}
	if err != nil {
		return gateway.Response{}, err
	}
	alerts, err := h.alerts(items)
	if err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, alert.Alerts{Data: alerts})
}

// alerts returns the alerts and mutes among items: those that fire first, then the newest first.
func (h *Handler) alerts(items []table.Item) ([]alert.Alert, error) {
	alerts, now := []alert.Alert{}, h.Now()
	for _, item := range items {
		var a alert.Alert
		switch {
		case item.Key == muteKey:
			until, err := muteOf(item)
			if err != nil {
				return nil, err
			}
			a = muteAlert(item.App, until, now)
		case isReserved(item.Key):
			continue
		default:
			s, err := decode(item.State)
			if err != nil {
				return nil, err
			}
			a = h.alertOf(item.App, item.Key, s, now)
		}
		if a.State != alert.StateQuiet || !a.MutedUntil.IsZero() {
			alerts = append(alerts, a)
		}
	}
	firing := func(a alert.Alert) int {
		if a.State == alert.StateFiring {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(alerts, func(a, b alert.Alert) int {
		return cmp.Or(cmp.Compare(firing(a), firing(b)), b.Since.Compare(a.Since), cmp.Compare(a.App, b.App), cmp.Compare(a.Rule, b.Rule))
	})
	return alerts, nil
}

// recent is how long an alert that is over is shown.
const recent = 14 * 24 * time.Hour

// alertOf shows the state of a rule.
func (h *Handler) alertOf(app, name string, s *state.State, now time.Time) alert.Alert {
	rule, known := h.Rules.Rule(app, name)
	if !known {
		rule = alert.Rule{Name: name}
	}
	a := alert.Alert{App: app, Rule: name, Title: rule.Title, Level: rule.Level, State: alert.StateQuiet, Told: timeOf(s.Told)}
	if s.MutedUntil > now.Unix() {
		a.MutedUntil = timeOf(s.MutedUntil)
	}
	switch e := s.Episode; {
	case e != nil:
		a.State, a.Since, a.LastLine, a.Lines = alert.StateFiring, timeOf(e.Since), timeOf(e.Last), e.Lines
		if !s.Firing(rule, now) { // its end is about to be told, or muted
			a.State, a.Until = alert.StateResolved, timeOf(e.Last)
		}
	case s.Ended != nil && now.Sub(timeOf(s.Ended.Until)) < recent:
		a.State, a.Since, a.Until, a.LastLine, a.Lines = alert.StateResolved, timeOf(s.Ended.Since), timeOf(s.Ended.Until), timeOf(s.Ended.Until), s.Ended.Lines
	}
	return a
}

// timeOf returns the time of a Unix time, and the zero time for 0.
func timeOf(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}
