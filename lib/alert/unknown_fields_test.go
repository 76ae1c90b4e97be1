package alert_test

import (
	"slices"
	"testing"
)

func TestFieldsThatAreNotKnownHideNoRequestFromARule(t *testing.T) {
	m := everything(t).Matcher("shop")
	for _, end := range []string{
		"service=7421ms status=503 bytes=0 protocol=https extra=1", "service=7421ms queue=3ms status=503 cache=miss bytes=0 protocol=https empty=",
		"service=7421ms status=503", `service=7421ms status=503 bytes=0 note="status=200 service=1ms "`,
	} {
		text := `at=info method=GET path="/search?q=\"teapot\" status=429 service=1ms " host=shop.example request_id=8601b555 fwd="192.0.2.1" dyno=web.1 connect=1ms ` + end
		got := fired(t, m, parse(t, "heroku", "router", text))
		if slices.Sort(got); !slices.Equal(got, []string{"slow-requests", "status-5xx"}) {
			t.Errorf("the rules %q: %s", got, text)
		}
	}
}
