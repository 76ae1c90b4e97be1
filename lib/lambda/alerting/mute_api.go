package alerting

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

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
	changed, err := h.setMute(ctx, r, app, rule, m.Until)
	if err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, data(changed.alert))
}

// deleteMute ends a mute, and says whether there was one: without one, it changes nothing, and that is not an error.
func (h *Handler) deleteMute(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	app, rule, err := h.target(r)
	if err != nil {
		return gateway.Response{}, err
	}
	changed, err := h.setMute(ctx, r, app, rule, time.Time{})
	if err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, data(alert.Unmuted{Alert: changed.alert, WasMuted: &changed.wasBefore}))
}

func (h *Handler) setMute(ctx context.Context, r gateway.Request, app, rule string, until time.Time) (muted, error) {
	set := h.muteRule
	if rule == alert.AnyRule {
		set = func(ctx context.Context, app, _ string, until time.Time) (muted, error) {
			return h.muteApp(ctx, app, until)
		}
	}
	changed, err := set(ctx, app, rule, until)
	if err == nil {
		h.Log.InfoContext(ctx, "mute changed", "app", app, "rule", rule, "until", until, gateway.Caller(r))
	}
	return changed, err
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
