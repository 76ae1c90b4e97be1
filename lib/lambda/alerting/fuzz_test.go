package alerting_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

// FuzzBatch delivers any message between two others. Whatever it is, the others are counted and told, and are not delivered again; the log has
// no copy of it; and what is published is what SNS accepts.
func FuzzBatch(f *testing.F) {
	good, err := json.Marshal((&function{now: noon}).report("shop", "H12", "1", 12))
	if err != nil {
		f.Fatal(err)
	}
	full, err := json.Marshal(alert.Message{Report: &alert.Report{
		App: "shop",
		Hits: []alert.Hit{{
			Rule: "R14", ID: "2", Counts: []alert.Count{{At: noon.Unix() - 70, Lines: 1}, {At: noon.Unix(), Lines: 1 << 40}}, Subject: "web.1",
			Lines: []alert.Line{{Time: noon, Source: "heroku", Process: "web.1", Text: "Error R14 (Memory quota exceeded)"}}, Affected: map[string]int{"web.1": 2},
		}},
		Dropped: []alert.Dropped{{Rule: "assets", ID: "3", Day: noon.Truncate(24 * time.Hour), Lines: 7, Kept: 1}}, Release: &alert.Release{Version: "v12", Time: noon}, LastLine: noon,
	}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(good), string(full), "", "not JSON", "{}", "[]", "null", `{"report":null,"tick":null}`, `{"report":{"app":"NOT AN APP"}}`, `{"report":{"app":"shop","hits":[{}]}}`,
		`{"tick":{"app":"shop","rule":"H12","due":"2026-11-27T12:00:00Z"}}`, `{"tick":{"app":"shop","rule":"H12","due":"9999-12-31T23:59:59Z"}}`, `{"tick":{"app":"#","rule":"#storm#critical"}}`,
		`{"tick":{"app":"#","rule":"H12"}}`, `{"report":{"app":"shop","hits":[{"rule":"H12","id":"","counts":[{"at":-9223372036854775808,"n":-1},{"at":9223372036854775807,"n":9223372036854775807}]}]}}`,
		`{"report":{"app":"shop","release":{"version":"\u001b]0;x\u0007","time":"0001-01-01T00:00:00Z"},"last_line":"9999-12-31T23:59:59Z"}}`,
		`{"report":{"app":"shop","dropped":[{"rule":"","id":"","day":"-0001-01-01T00:00:00Z","lines":-1}]}}`, `{"report":{"app":"shop"},"tick":{"app":"shop","rule":"H12"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var m alert.Message
		if json.Unmarshal([]byte(text), &m) == nil && (m.Report != nil && m.Report.App == "blog" || m.Tick != nil && m.Tick.App == "blog") {
			t.Skip("it is about the others")
		}
		fn := newFunction(t, rules)
		for _, again := range fn.batch(fn.report("blog", "H12", "before", 6), text, fn.report("blog", "H12", "after", 6)) {
			if again != "1" {
				t.Errorf("message %s is delivered again", again)
			}
		}
		told := 0
		for _, n := range fn.published {
			if n.App == "blog" && n.Rule == "H12" && n.Event == alert.Firing {
				told++
			}
			if len(n.Subject) == 0 || len(n.Subject) >= 100 || strings.ContainsFunc(n.Subject, func(c rune) bool { return c < ' ' || c > '~' }) {
				t.Errorf("subject %q", n.Subject)
			}
		}
		if told != 1 {
			t.Errorf("the alert of the others is told %d times", told)
		}
		if len(text) > 40 && strings.Contains(fn.logged.String(), text) {
			t.Errorf("logged %s", fn.logged.String())
		}
	})
}

// FuzzAPI sends any request to the routes about alerts. A refusal has a code, and changes nothing; a mute ends at a time that is allowed, and
// concerns its app alone.
func FuzzAPI(f *testing.F) {
	routes := []string{stack.RouteAlerts, stack.RouteAlertRules, stack.RouteAlertTest, stack.RouteMute, stack.RouteUnmute, stack.RouteDropped, "$default"}
	for route := range routes {
		f.Add(uint8(route), "shop", "H12", "", "", `{"until":"2026-11-27T13:00:00Z"}`, false)
		f.Add(uint8(route), "shop", "%2A", "app", "shop", "eyJ1bnRpbCI6IjIwMjYtMTEtMjdUMTM6MDA6MDBaIn0=", true)
		f.Add(uint8(route), "Shop", "nope\x00", "app", "\x1b[31m", `{"app":"blog"}`, false)
	}
	for _, body := range []string{"", "null", "[]", `{"until":1}`, `{"until":"2026-11-27T12:00:00Z"}`, `{"until":"9999-12-31T23:59:59+14:00"}`, `{"until":"2026-11-28T12:00:00Z"}x`, `{"Until":"2026-11-28T12:00:00Z"}`} {
		f.Add(uint8(3), "shop", "*", "", "", body, false)
		f.Add(uint8(2), "", "", "", "", body, false)
	}
	f.Fuzz(func(t *testing.T, route uint8, app, rule, name, value, body string, inBase64 bool) {
		fn := newFunction(t, rules)
		r := gateway.Request{RouteKey: routes[int(route)%len(routes)], PathParameters: path(app, rule), Body: body, IsBase64Encoded: inBase64}
		if name != "" {
			r.QueryStringParameters = map[string]string{name: value}
		}
		r.RequestContext.RequestID = "r-1"
		payload, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		handled, err := fn.Handle(t.Context(), payload)
		if err != nil {
			t.Fatal(err)
		}
		answer := handled.(gateway.Response)
		for key, item := range fn.items {
			if drain.ValidateApp(key[0]) != nil || key[0] != item.App || answer.StatusCode != 200 || r.RouteKey != stack.RouteMute && r.RouteKey != stack.RouteUnmute {
				t.Errorf("%d %s %s, but item %v was written", answer.StatusCode, r.RouteKey, answer.Body, key)
			}
		}
		if answer.StatusCode != 200 {
			var refused drain.ErrorResponse
			if err := json.Unmarshal([]byte(answer.Body), &refused); err != nil || refused.Error.Code == "" || refused.Error.Message == "" || refused.Error.RequestID != "r-1" || len(fn.published) > 0 {
				t.Errorf("%d %s, published %d", answer.StatusCode, answer.Body, len(fn.published))
			}
			return
		}
		if !json.Valid([]byte(answer.Body)) {
			t.Errorf("answer %s", answer.Body)
		}
		if r.RouteKey != stack.RouteMute {
			return
		}
		var muted struct{ Data alert.Alert }
		if err := json.Unmarshal([]byte(answer.Body), &muted); err != nil || muted.Data.App != app || !muted.Data.MutedUntil.After(noon) || muted.Data.MutedUntil.After(noon.AddDate(0, 0, 30)) {
			t.Errorf("muted %+v: %v", muted.Data, err)
		}
	})
}
