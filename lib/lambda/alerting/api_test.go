package alerting_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// alerts returns what GET /alerts returns.
func (f *function) alerts(query map[string]string) []alert.Alert {
	f.t.Helper()
	status, body := f.request(stack.RouteAlerts, nil, query, "")
	var answer alert.Alerts
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 || answer.Data == nil {
		f.t.Fatalf("%d %s", status, body)
	}
	return answer.Data
}

// path is the path parameters of a request.
func path(app, rule string) map[string]string { return map[string]string{"app": app, "rule": rule} }

func TestGetAlerts(t *testing.T) {
	f := newFunction(t, rules)
	if got := f.alerts(nil); len(got) > 0 {
		t.Errorf("alerts %v", got)
	}
	f.batch(f.report("blog", "R14", "1", 3))
	f.at(noon.Add(10 * time.Minute))
	f.batch(alert.Message{Tick: &f.ticks[0]}, f.report("shop", "H12", "2", 12), f.report("shop", "R14", "3", 1))
	until := noon.Add(time.Hour)
	body := `{"until":"` + until.Format(time.RFC3339) + `"}`
	for _, target := range []map[string]string{path("shop", "H12"), path("other", "*"), path("third", "R14")} {
		if status, answer := f.request(stack.RouteMute, target, nil, body); status != 200 {
			t.Fatalf("mute: %d %s", status, answer)
		}
	}
	later := noon.Add(10 * time.Minute)
	want := []alert.Alert{
		{App: "shop", Rule: "H12", Title: "Request timeout", State: alert.StateFiring, Since: later, LastLine: later, Lines: 12, Told: later, MutedUntil: until},
		{App: "blog", Rule: "R14", Title: "Memory quota exceeded", State: alert.StateResolved, Since: noon, Until: noon, LastLine: noon, Lines: 3, Told: later},
		{App: "other", Rule: "*", State: alert.StateQuiet, MutedUntil: until},
		{App: "third", Rule: "R14", Title: "Memory quota exceeded", State: alert.StateQuiet, MutedUntil: until},
	}
	if diff := cmp.Diff(want, f.alerts(nil)); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], f.alerts(map[string]string{"app": "shop"})); diff != "" {
		t.Errorf("alerts of shop (-want +got):\n%s", diff)
	}
	f.at(until)
	for _, a := range f.alerts(nil) {
		if !a.MutedUntil.IsZero() {
			t.Errorf("%s of %s is still muted", a.Rule, a.App)
		}
	}
}

// An alert is shown for 14 days after its end, also if lines that matched its rule keep the item.
func TestOldAlertsAreNotShown(t *testing.T) {
	f := newFunction(t, rules)
	f.batch(f.report("shop", "R14", "1", 2))
	f.at(noon.Add(10 * time.Minute))
	f.batch(alert.Message{Tick: &f.ticks[0]})
	for _, test := range []struct {
		after time.Duration
		want  int
	}{{13 * 24 * time.Hour, 1}, {15 * 24 * time.Hour, 0}} {
		f.at(noon.Add(test.after))
		f.batch(f.report("shop", "R14", test.after.String(), 1))
		if got := f.alerts(nil); len(got) != test.want {
			t.Errorf("%s later: %+v", test.after, got)
		}
	}
}

func TestGetRules(t *testing.T) {
	for _, set := range []ruleSet{rules, nil} {
		f := newFunction(t, set)
		status, body := f.request(stack.RouteAlertRules, nil, nil, "")
		var answer alert.Rules
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 || answer.Data == nil {
			t.Fatalf("%d %s", status, body)
		}
		if diff := cmp.Diff(append([]alert.Rule{}, set...), answer.Data); diff != "" {
			t.Errorf("rules (-want +got):\n%s", diff)
		}
	}
}

// A mute of a rule, or of all rules of an app, holds until it is ended.
func TestMute(t *testing.T) {
	for _, rule := range []string{"R14", "*", "%2A"} {
		f := newFunction(t, rules)
		status, body := f.request(stack.RouteMute, path("shop", rule), nil, `{"until":"2026-11-27T13:00:00Z"}`)
		if status != 200 || !strings.Contains(body, `"muted_until":"2026-11-27T13:00:00Z"`) || !strings.HasPrefix(body, `{"data":{"app":"shop","rule":"`) {
			t.Fatalf("%d %s", status, body)
		}
		f.batch(f.report("shop", "R14", "1", 2), f.report("blog", "R14", "2", 2))
		if got := f.subjects(); len(got) != 1 || !strings.HasPrefix(got[0], "[blog]") {
			t.Errorf("%s: published %q during the mute", rule, got)
		}
		f.at(noon.Add(time.Minute))
		ticks := len(f.ticks)
		status, body = f.request(stack.RouteUnmute, path("shop", rule), nil, "")
		if status != 200 || strings.Contains(body, "muted_until") || !strings.Contains(body, `"was_muted":true`) {
			t.Fatalf("%d %s", status, body)
		}
		if len(f.ticks) != ticks+1 {
			t.Fatalf("%s: nobody looks whether something is to be told: %v", rule, f.ticks)
		}
		f.batch(alert.Message{Tick: &f.ticks[ticks]})
		if got := f.subjects(); len(got) != 2 || got[1] != "[shop] R14 Memory quota exceeded: 2 in 1 min" {
			t.Errorf("%s: published %q", rule, got)
		}
		if status, body := f.request(stack.RouteUnmute, path("shop", rule), nil, ""); status != 200 || !strings.Contains(body, `"was_muted":false`) {
			t.Errorf("a rule that is not muted: %d %s", status, body)
		}
	}
}

func TestPostTest(t *testing.T) {
	f := newFunction(t, rules)
	for _, body := range []string{"", `{}`, `{"app":"shop"}`} {
		status, answer := f.request(stack.RouteAlertTest, nil, nil, body)
		if status != 200 || !strings.Contains(answer, `"id":"m-1"`) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	want := []string{"[example] Test: alerts arrive here", "[example] Test: alerts arrive here", "[shop] Test: alerts arrive here"}
	if diff := cmp.Diff(want, f.subjects()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if n := f.published[2]; n.Event != alert.Test || n.ID == "" || len(n.Samples) == 0 {
		t.Errorf("notification %+v", n)
	}
}

// Why SNS refuses is what the caller wants to know.
func TestPostTestToATopicThatRefuses(t *testing.T) {
	f := newFunction(t, rules)
	f.fail = func(string) error {
		return &smithy.GenericAPIError{Code: "AuthorizationError", Message: "not authorized to perform: SNS:Publish", Fault: smithy.FaultClient}
	}
	status, answer := f.request(stack.RouteAlertTest, nil, nil, "")
	if status != 409 || !strings.Contains(answer, `"TopicRefused"`) || !strings.Contains(answer, "SNS:Publish (AuthorizationError)") {
		t.Errorf("%d %s", status, answer)
	}
}

func TestRefusals(t *testing.T) {
	f := newFunction(t, rules)
	in := func(until time.Time) string { return `{"until":"` + until.Format(time.RFC3339) + `"}` }
	for _, test := range []struct {
		name, route string
		path, query map[string]string
		body        string
		status      int
		code        string
	}{
		{"no such route", "GET /alerts/x", nil, nil, "", 404, drain.NoSuchRoute},
		{"query of alerts", stack.RouteAlerts, nil, map[string]string{"state": "firing"}, "", 400, drain.InvalidQuery},
		{"app of alerts", stack.RouteAlerts, nil, map[string]string{"app": "Shop"}, "", 400, drain.InvalidAppName},
		{"empty app of alerts", stack.RouteAlerts, nil, map[string]string{"app": ""}, "", 400, drain.InvalidAppName},
		{"query of rules", stack.RouteAlertRules, nil, map[string]string{"app": "shop"}, "", 400, drain.InvalidQuery},
		{"app of dropped", stack.RouteDropped, path("#", ""), nil, "", 400, drain.InvalidAppName},
		{"app of a mute", stack.RouteMute, path("#", "*"), nil, in(noon.Add(time.Hour)), 400, drain.InvalidAppName},
		{"rule of a mute", stack.RouteMute, path("shop", "#release"), nil, in(noon.Add(time.Hour)), 404, drain.NoSuchRule},
		{"rule of an unmute", stack.RouteUnmute, path("shop", "H99"), nil, "", 404, drain.NoSuchRule},
		{"mute without a time", stack.RouteMute, path("shop", "H12"), nil, "", 400, drain.InvalidMute},
		{"mute that is over", stack.RouteMute, path("shop", "H12"), nil, in(noon), 400, drain.InvalidMute},
		{"mute without end", stack.RouteMute, path("shop", "H12"), nil, in(noon.Add(30*24*time.Hour + time.Second)), 400, drain.InvalidMute},
		{"no JSON", stack.RouteMute, path("shop", "H12"), nil, "1h", 400, drain.InvalidBody},
		{"app of a test", stack.RouteAlertTest, nil, nil, `{"app":"Shop"}`, 400, drain.InvalidAppName},
		{"query of a test", stack.RouteAlertTest, nil, map[string]string{"app": "shop"}, "", 400, drain.InvalidQuery},
	} {
		status, body := f.request(test.route, test.path, test.query, test.body)
		var answer drain.ErrorResponse
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != test.status || answer.Error.Code != test.code || answer.Error.RequestID != "r-1" {
			t.Errorf("%s: %d %s, want %d %s", test.name, status, body, test.status, test.code)
		}
	}
	if len(f.items) > 0 || len(f.published) > 0 || f.logged.String() != "" {
		t.Errorf("%d items, published %v, logged %s", len(f.items), f.subjects(), f.logged.String())
	}
}

func TestFailuresAreLoggedAndNotReturned(t *testing.T) {
	f := newFunction(t, rules)
	f.fail = func(string) error { return errors.New("AccessDenied: arn:aws:secret") }
	for _, route := range []string{stack.RouteAlerts, stack.RouteDropped, stack.RouteMute, stack.RouteUnmute, stack.RouteAlertTest} {
		status, body := f.request(route, path("shop", "H12"), nil, `{"until":"2026-11-27T13:00:00Z"}`)
		if status != 500 || strings.Contains(body, "AccessDenied") || !strings.Contains(body, "alerts function") {
			t.Errorf("%s: %d %s", route, status, body)
		}
	}
	if n := strings.Count(f.logged.String(), "AccessDenied"); n != 5 {
		t.Errorf("%d failures were logged: %s", n, f.logged.String())
	}
}

// A mute that is over, and one of another rule, are not ended by an unmute.
func TestUnmuteOfWhatIsNotMuted(t *testing.T) {
	f := newFunction(t, rules)
	for _, rule := range []string{"R14", "*"} {
		if status, body := f.request(stack.RouteMute, path("shop", rule), nil, `{"until":"`+noon.Add(time.Minute).Format(time.RFC3339)+`"}`); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		for _, other := range [][2]string{{"shop", "H12"}, {"blog", rule}} {
			if _, body := f.request(stack.RouteUnmute, path(other[0], other[1]), nil, ""); !strings.Contains(body, `"was_muted":false`) {
				t.Errorf("%v: %s", other, body)
			}
		}
	}
	f.at(noon.Add(time.Minute))
	for _, rule := range []string{"R14", "*"} {
		if _, body := f.request(stack.RouteUnmute, path("shop", rule), nil, ""); !strings.Contains(body, `"was_muted":false`) {
			t.Errorf("%s, after the mute: %s", rule, body)
		}
	}
}

// The limits of a mute include their ends.
func TestTheLongestMute(t *testing.T) {
	f := newFunction(t, rules)
	until := noon.Add(30 * 24 * time.Hour).Format(time.RFC3339)
	if status, body := f.request(stack.RouteMute, path("shop", "*"), nil, `{"until":"`+until+`"}`); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	// The item outlives the mute.
	if expires := f.items[[2]string{"shop", "#mute"}].Expires; !expires.After(noon.Add(30 * 24 * time.Hour)) {
		t.Errorf("the mute expires at %s", expires)
	}
}
