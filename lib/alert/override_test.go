package alert_test

import (
	"testing"
	"time"

	"heroku-drains/lib/alert"
)

func TestOverrideOfOneApp(t *testing.T) {
	for name, config := range map[string]string{
		"default": `{}`,
		"off":     `{"codes": {"H12": {"off": true}}}`,
		"apps":    `{"codes": {"H12": {"exclude_apps": ["demo"]}}}`,
	} {
		before := compile(t, config)
		set, err := before.Override("demo", "H12", func(r *alert.Rule) {
			r.Threshold, r.Window, r.Origin = 2, alert.Duration(time.Second), "a test"
		})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := set.Rule("demo", "H12")
		if got.Threshold != 2 || got.Origin != "a test" || len(set.Rules("demo")) != len(alert.Defaults().Rules("demo")) {
			t.Errorf("%s: demo has %+v among %d rules", name, got, len(set.Rules("demo")))
		}
		shop, inForce := set.Rule("shop", "H12")
		if was, wasInForce := before.Rule("shop", "H12"); shop.Threshold != was.Threshold || shop.Origin != was.Origin || inForce != wasInForce {
			t.Errorf("%s: shop has %+v, and had %+v", name, shop, was)
		}
		line := at(t, 0, "heroku", "router", `at=error code=H12 desc="Request timeout"`)
		for app, matches := range map[string]bool{"demo": true, "shop": inForce} {
			m := set.Matcher(app)
			m.Line(&line)
			if (m.Matched() > 0) != matches {
				t.Errorf("%s: %s: %d lines matched", name, app, m.Matched())
			}
		}
	}
	if _, err := alert.Defaults().Override("demo", "H12", func(r *alert.Rule) { r.Threshold = -1 }); err == nil {
		t.Error("a rule that is wrong is accepted")
	}
}
