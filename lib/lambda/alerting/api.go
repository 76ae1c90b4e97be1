package alerting

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

// answer answers a request. It relies on the gateway to pass on only what IAM allows.
func (h *Handler) answer(ctx context.Context, r gateway.Request) gateway.Response {
	response, err := h.route(ctx, r)
	if err != nil {
		return gateway.Refuser{Function: "alerts function", Log: h.Log}.Refuse(ctx, r, err)
	}
	return response
}

func (h *Handler) route(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	switch r.RouteKey {
	case stack.RouteAlerts:
		return h.getAlerts(ctx, r)
	case stack.RouteAlertRules:
		return h.getRules(r)
	case stack.RouteAlertTest:
		return h.postTest(ctx, r)
	case stack.RouteMute:
		return h.putMute(ctx, r)
	case stack.RouteUnmute:
		return h.deleteMute(ctx, r)
	case stack.RouteDropped:
		return h.getDropped(ctx, r)
	}
	return gateway.Response{}, gateway.NoSuchRoute(r)
}

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
	slices.SortFunc(alerts, func(a, b alert.Alert) int {
		return cmp.Or(cmp.Compare(firing(a), firing(b)), b.Since.Compare(a.Since), cmp.Compare(a.App, b.App), cmp.Compare(a.Rule, b.Rule))
	})
	return alerts, nil
}

func (h *Handler) getRules(r gateway.Request) (gateway.Response, error) {
	if err := gateway.CheckQuery(r); err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, alert.Rules{Data: append([]alert.Rule{}, h.Rules.All()...)})
}

func (h *Handler) getDropped(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	app, err := gateway.App(r)
	if err != nil {
		return gateway.Response{}, err
	}
	days, err := h.listDropped(ctx, app)
	if err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, alert.DroppedLines{Data: days})
}

// postTest publishes a test.
func (h *Handler) postTest(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	if err := gateway.CheckQuery(r); err != nil {
		return gateway.Response{}, err
	}
	test := alert.TestNotification{App: message.ExampleApp}
	if err := readBody(r, &test); err != nil {
		return gateway.Response{}, err
	}
	test.App = cmp.Or(test.App, message.ExampleApp)
	if err := drain.ValidateApp(test.App); err != nil {
		return gateway.Response{}, err
	}
	n := h.Writer.Test(strings.ToLower(rand.Text()), test.App, h.Now())
	written, err := message.Write(n)
	if err != nil {
		return gateway.Response{}, err
	}
	id, err := h.Topic.Publish(ctx, written)
	if err != nil {
		return gateway.Response{}, err
	}
	h.Log.InfoContext(ctx, "test published", "app", test.App, "message_id", id, gateway.Caller(r))
	return gateway.Answer(http.StatusOK, data(alert.Published{ID: id, Subject: n.Subject}))
}

// putMute mutes a rule, or all rules of an app.
func (h *Handler) putMute(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	app, rule, err := h.target(r)
	if err != nil {
		return gateway.Response{}, err
	}
	var m alert.Mute
	if err := readBody(r, &m); err != nil {
		return gateway.Response{}, err
	}
	if now := h.Now(); !m.Until.After(now) || m.Until.After(now.Add(maxMute)) {
		return gateway.Response{}, &gateway.Refusal{
			Status: http.StatusBadRequest, Code: drain.InvalidMute,
			Message: fmt.Sprintf("until must be a time in the next %d days, not %s", maxMute/(24*time.Hour), m.Until.Format(time.RFC3339)),
		}
	}
	return h.setMute(ctx, r, app, rule, m.Until)
}

// deleteMute ends a mute. It is not an error if there is none.
func (h *Handler) deleteMute(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	app, rule, err := h.target(r)
	if err != nil {
		return gateway.Response{}, err
	}
	return h.setMute(ctx, r, app, rule, time.Time{})
}

func (h *Handler) setMute(ctx context.Context, r gateway.Request, app, rule string, until time.Time) (gateway.Response, error) {
	set := h.muteRule
	if rule == alert.AnyRule {
		set = func(ctx context.Context, app, _ string, until time.Time) (alert.Alert, error) {
			return h.muteApp(ctx, app, until)
		}
	}
	muted, err := set(ctx, app, rule, until)
	if err != nil {
		return gateway.Response{}, err
	}
	h.Log.InfoContext(ctx, "mute changed", "app", app, "rule", rule, "until", until, gateway.Caller(r))
	return gateway.Answer(http.StatusOK, data(muted))
}

// target returns the app and the rule in the path of a request: a rule in force, or AnyRule.
func (h *Handler) target(r gateway.Request) (app, rule string, err error) {
	if app, err = gateway.App(r); err != nil {
		return "", "", err
	}
	rule = r.PathParameters[stack.RouteRule]
	if decoded, err := url.PathUnescape(rule); err == nil {
		rule = decoded // no rule's name contains a percent sign, so a name that the gateway has decoded stays the same
	}
	if _, known := h.Rules.Rule(app, rule); !known && rule != alert.AnyRule {
		return "", "", &gateway.Refusal{
			Status: http.StatusNotFound, Code: drain.NoSuchRule, Message: fmt.Sprintf("no rule %.40q is in force for %s", rule, app),
		}
	}
	return app, rule, nil
}

// readBody reads the JSON of a request into v. An empty body leaves it as it is.
func readBody(r gateway.Request, v any) error {
	body, err := gateway.Body(r)
	if err != nil || len(body) == 0 {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return &gateway.Refusal{Status: http.StatusBadRequest, Code: drain.InvalidBody, Message: "the body is not the JSON that this route takes: " + err.Error()}
	}
	return nil
}

// data wraps what a response is about.
func data[T any](v T) any {
	return struct {
		Data T `json:"data"`
	}{v}
}
