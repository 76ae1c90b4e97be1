package message

import (
	"time"

	"heroku-drains/lib/alert"
)

// ExampleApp is the app in whose name a test is sent if none is given.
const ExampleApp = "example"

// Test makes the notification of a test, which looks like an alert.
func (c Composer) Test(id, app string, at time.Time) alert.Notification {
	n := alert.Notification{
		Version: alert.NotificationVersion, Event: alert.Test, ID: id, Time: at.UTC(), Stack: c.Stack, App: app,
		Description: "Nothing is wrong. Somebody sent this to see whether alerts arrive here. An alert also says what it means, what to look at " +
			"first, since when, and shows lines such as this one:",
		Samples: []alert.Line{{
			Time: at.UTC(), Source: "heroku", Process: "router",
			Text: `at=error code=H12 desc="Request timeout" method=GET path="/checkout" host=` + app + `.example.com dyno=web.1 connect=1ms service=30001ms status=503`,
		}},
		Command: c.program() + " alerts list",
	}
	n.Subject = subject("["+app+"] ", "Test: alerts arrive here", "")
	return n
}
