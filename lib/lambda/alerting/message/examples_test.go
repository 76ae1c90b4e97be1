package message_test

import (
	"encoding/json"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/alerting/message"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

var composer = message.Composer{
	Stack: "HerokuDrains", Region: "eu-west-1", Account: "123456789012", Names: drain.Names{LogGroup: "/heroku/apps", StreamPrefix: "[APP]"},
}

var timeouts = alert.Rule{
	Name: "H12", Kind: alert.Codes, Code: "H12", Title: "Request timeout", Level: alert.Critical, Window: alert.Duration(5 * time.Minute),
	Description: "The app did not begin its response within 30 seconds, so Heroku answered with 503.",
	Advice:      "Look at the affected paths, and at the load and the locks of the database.",
}

// firing is an alert that began two minutes ago.
func firing() message.Facts {
	return message.Facts{
		Event: alert.Firing, ID: "b9a22be43989166ed896-firing", Time: noon.Add(125 * time.Second), App: "shop", Rule: timeouts,
		Since: noon.Add(3 * time.Second), Last: noon.Add(124 * time.Second), Lines: 14,
		PerMinute: []alert.Count{{At: noon.Unix(), Lines: 2}, {At: noon.Unix() + 60, Lines: 10}, {At: noon.Unix() + 120, Lines: 2}},
		Samples: []alert.Line{
			{Time: noon.Add(3 * time.Second), Source: "heroku", Process: "router", Text: `at=error code=H12 desc="Request timeout" method=POST path="/checkout" dyno=web.1 service=30001ms status=503`},
			{Time: noon.Add(9 * time.Second), Source: "heroku", Process: "router", Text: `at=error code=H12 desc="Request timeout" method=GET path="/cart?id=…" dyno=web.2 service=30000ms status=503`},
		},
		Affected: []alert.Affected{{Name: "/checkout", Lines: 12}, {Name: "/cart", Lines: 2}},
		Release:  &alert.Release{Version: "v12", Time: noon.Add(-177 * time.Second)},
	}
}

// resolved is its end.
func resolved() message.Facts {
	f := firing()
	f.Event, f.ID, f.Time, f.Last, f.Lines = alert.Resolved, "b9a22be43989166ed896-resolved", noon.Add(22*time.Minute), noon.Add(12*time.Minute), 214
	f.Samples, f.Release = nil, nil
	return f
}

// texts returns the texts of a notification by protocol.
func texts(t *testing.T, n alert.Notification) map[string]string {
	t.Helper()
	m, err := message.Write(n)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(m.Body), &texts); err != nil {
		t.Fatal(err)
	}
	if texts["default"] == "" {
		t.Error("no default text, which SNS requires")
	}
	return texts
}

// messageOf returns the body of a notification's message.
func messageOf(n alert.Notification) (string, error) {
	m, err := message.Write(n)
	return m.Body, err
}
