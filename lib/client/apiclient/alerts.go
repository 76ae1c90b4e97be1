package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

// NoAlertsError means that the API has no routes for alerts.
type NoAlertsError struct {
	Err error // the response
}

// Error says what is missing, and why it may be.
func (e *NoAlertsError) Error() string {
	return "the API has no alerts: an older version of heroku-drains is deployed, or it is not a drains API"
}

// Unwrap returns the response.
func (e *NoAlertsError) Unwrap() error { return e.Err }

// Alerts returns the state of all rules of all apps that fire, did so in the last 14 days, or are muted: those that fire first, then the newest
// first. If the API is older than the alerts, the error of this and the following methods is a *NoAlertsError.
func (c *Client) Alerts(ctx context.Context) ([]alert.Alert, error) {
	answer := alert.Alerts{Data: []alert.Alert{}}
	err := c.callAlerts(ctx, http.MethodGet, pathOf(stack.RouteAlerts), nil, &answer)
	return answer.Data, err
}

// AlertRules returns the rules in force, by kind and name, whichever app they are for.
func (c *Client) AlertRules(ctx context.Context) ([]alert.Rule, error) {
	answer := alert.Rules{Data: []alert.Rule{}}
	err := c.callAlerts(ctx, http.MethodGet, pathOf(stack.RouteAlertRules), nil, &answer)
	return answer.Data, err
}

// Dropped returns what the drop rules left out for an app in the last 14 days, the newest day first.
func (c *Client) Dropped(ctx context.Context, app string) ([]alert.DroppedDay, error) {
	answer := alert.DroppedLines{Data: []alert.DroppedDay{}}
	err := c.callAlerts(ctx, http.MethodGet, stack.DroppedPath(url.PathEscape(app)), nil, &answer)
	return answer.Data, err
}

// Mute mutes a rule for an app until a time, or all rules of the app if rule is alert.AnyRule. It returns the rule's state.
func (c *Client) Mute(ctx context.Context, app, rule string, until time.Time) (alert.Alert, error) {
	var answer struct {
		Data alert.Alert `json:"data"`
	}
	err := c.callAlerts(ctx, http.MethodPut, stack.MutePath(url.PathEscape(app), rule), alert.Mute{Until: until}, &answer)
	return answer.Data, err
}

// Unmute ends a mute, and returns the rule's state, and whether it was muted: it is not an error if it was not. If a response is lost, Unmute tries
// again, and then WasMuted is false.
func (c *Client) Unmute(ctx context.Context, app, rule string) (alert.Unmuted, error) {
	var answer struct {
		Data alert.Unmuted `json:"data"`
	}
	err := c.callAlerts(ctx, http.MethodDelete, stack.MutePath(url.PathEscape(app), rule), nil, &answer)
	return answer.Data, err
}

// SendTestAlert publishes a test notification to the alerts topic, in the name of an app, or of an example if app is empty. If a response is
// lost, it may publish several.
func (c *Client) SendTestAlert(ctx context.Context, app string) (alert.Published, error) {
	var answer struct {
		Data alert.Published `json:"data"`
	}
	err := c.callAlerts(ctx, http.MethodPost, pathOf(stack.RouteAlertTest), alert.TestNotification{App: app}, &answer)
	return answer.Data, err
}

// callAlerts calls a route of the alerts function.
func (c *Client) callAlerts(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("write the request: %w", err)
		}
	}
	_, err := c.call(ctx, method, path, nil, body, out)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Foreign && refused.Status == http.StatusNotFound {
		return &NoAlertsError{Err: err}
	}
	return err
}

// pathOf returns the path of a route without parameters.
func pathOf(key string) string { return stack.Route{Key: key}.Path() }
