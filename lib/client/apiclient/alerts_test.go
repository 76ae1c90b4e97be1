package apiclient_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
)

func TestAlertRoutes(t *testing.T) {
	until := time.Date(2026, 11, 27, 11, 0, 0, 0, time.UTC)
	muted := alert.Alert{App: "shop", Rule: "H12", State: alert.StateQuiet, MutedUntil: until}
	const mutedJSON = `{"data":{"app":"shop","rule":"H12","state":"quiet","muted_until":"2026-11-27T11:00:00Z"}}`
	for name, tt := range map[string]struct {
		call    func(*apiclient.Client) (any, error)
		body    string
		want    any
		request string
	}{
		"alerts": {
			call:    func(c *apiclient.Client) (any, error) { return c.Alerts(t.Context()) },
			body:    `{"data":[{"app":"shop","rule":"H12","state":"firing","lines":14}]}`,
			want:    []alert.Alert{{App: "shop", Rule: "H12", State: alert.StateFiring, Lines: 14}},
			request: "GET /alerts",
		},
		"no alerts": {
			call:    func(c *apiclient.Client) (any, error) { return c.Alerts(t.Context()) },
			body:    `{"data":[]}`,
			want:    []alert.Alert{},
			request: "GET /alerts",
		},
		"rules": {
			call:    func(c *apiclient.Client) (any, error) { return c.AlertRules(t.Context()) },
			body:    `{"data":[{"name":"H12","kind":"codes","title":"Request timeout","origin":"default","window":"5m"}]}`,
			want:    []alert.Rule{{Name: "H12", Kind: alert.Codes, Title: "Request timeout", Origin: alert.Default, Window: alert.Duration(5 * time.Minute)}},
			request: "GET /alerts/rules",
		},
		"dropped": {
			call:    func(c *apiclient.Client) (any, error) { return c.Dropped(t.Context(), "shop") },
			body:    `{"data":[{"day":"2026-11-27T00:00:00Z","rule":"assets","lines":99,"kept":1}]}`,
			want:    []alert.DroppedDay{{Day: until.Truncate(24 * time.Hour), Rule: "assets", Lines: 99, Kept: 1}},
			request: "GET /alerts/shop/dropped",
		},
		"mute": {
			call:    func(c *apiclient.Client) (any, error) { return c.Mute(t.Context(), "shop", "H12", until) },
			body:    mutedJSON,
			want:    muted,
			request: `PUT /alerts/shop/H12/mute {"until":"2026-11-27T11:00:00Z"}`,
		},
		"mute all rules": {
			call:    func(c *apiclient.Client) (any, error) { return c.Mute(t.Context(), "shop", alert.AnyRule, until) },
			body:    mutedJSON,
			want:    muted,
			request: `PUT /alerts/shop/%2A/mute {"until":"2026-11-27T11:00:00Z"}`,
		},
		"unmute": {
			call:    func(c *apiclient.Client) (any, error) { return c.Unmute(t.Context(), "shop", "H12") },
			body:    `{"data":{"app":"shop","rule":"H12","state":"quiet","was_muted":false}}`,
			want:    alert.Unmuted{Alert: alert.Alert{App: "shop", Rule: "H12", State: alert.StateQuiet}, WasMuted: new(bool)},
			request: "DELETE /alerts/shop/H12/mute",
		},
		"test": {
			call:    func(c *apiclient.Client) (any, error) { return c.SendTestAlert(t.Context(), "shop") },
			body:    `{"data":{"id":"m-1","subject":"[shop] Test"}}`,
			want:    alert.Published{ID: "m-1", Subject: "[shop] Test"},
			request: `POST /alerts/test {"app":"shop"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, answer{status: http.StatusOK, body: tt.body})
			got, err := tt.call(newClient(t, a.URL))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{tt.request}, a.seen); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// A gateway without the routes is one of an older version. The API's own 404 is something else.
func TestAnAPIWithoutAlerts(t *testing.T) {
	_, err := newClient(t, newAPI(t, answer{status: http.StatusNotFound, body: `{"message":"Not Found"}`}).URL).Alerts(t.Context())
	_, older := errors.AsType[*apiclient.NoAlertsError](err)
	refused, ok := errors.AsType[*apiclient.Error](err)
	if !older || !ok || refused.Status != http.StatusNotFound {
		t.Errorf("error %v", err)
	}
	for _, other := range []answer{
		{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"no rule is named H99x"}}`},
		{status: http.StatusForbidden, body: `{"message":"Forbidden"}`},
	} {
		_, err := newClient(t, newAPI(t, other).URL).Mute(t.Context(), "shop", "H99x", time.Now())
		if _, older := errors.AsType[*apiclient.NoAlertsError](err); older || err == nil {
			t.Errorf("%s: error %v", other.body, err)
		}
	}
}
