package alert_test

import (
	"testing"
	"time"

	"heroku-drains/lib/alert"
)

func TestDurationsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]struct {
		d     time.Duration
		shown string
	}{
		"90s":   {d: 90 * time.Second, shown: "1m30s"},
		"5m":    {d: 5 * time.Minute, shown: "5m"},
		"1h":    {d: time.Hour, shown: "1h"},
		"1h30m": {d: 90 * time.Minute, shown: "1h30m"},
		"2d":    {d: 48 * time.Hour, shown: "48h"},
		"45s":   {d: 45 * time.Second, shown: "45s"},
	} {
		var d alert.Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || time.Duration(d) != want.d || d.String() != want.shown {
			t.Errorf("%s: %s, %v, shown as %q; want %s", text, time.Duration(d), err, d, want.shown)
		}
	}
	for _, text := range []string{"", "5", "-5m", "0s", "1.5s", "d", "1dd", "5 minutes", "1h2d"} {
		var d alert.Duration
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is accepted as %s", text, d)
		}
	}
}
