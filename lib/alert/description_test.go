package alert_test

import "testing"

// A description states the limit that is in force.
func TestDescriptionsStateTheLimitInForce(t *testing.T) {
	set := compile(t, `{"slow": {"slow-requests": {"over": 2000}}, "samples": {"postgres-connections": {"over": 0.5}, "dyno-memory": {"threshold": 3},
		"dyno-load": {"over": 9, "description": "Mine"}}, "status": {"status-5xx": {"status": "503"}, "status-429": {"threshold": 7}}}`)
	for name, want := range map[string]string{
		"slow-requests":        "Requests took more than 2000 ms until the response was complete. WebSocket connections do not count.",
		"postgres-connections": "connections-percentage-used was over 0.5 in 3 samples in a row.",
		"dyno-memory":          "memory_total / memory_quota was over 0.95 in 3 samples in a row.",
		"dyno-load":            "Mine",
		"status-5xx":           "The app answered requests with the status 503.",
		"status-429":           "The app answered requests with 429: clients send more than it allows.",
	} {
		if r, _ := set.Rule("shop", name); r.Description != want {
			t.Errorf("%s: %q, want %q", name, r.Description, want)
		}
	}
}
