package term

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTimeLeft checks when and how a count says how long the rest takes.
func TestTimeLeft(t *testing.T) {
	for name, tt := range map[string]struct {
		done  int
		after time.Duration
		least time.Duration // of one item
		want  string
	}{
		"nothing has ended":             {0, time.Hour, 0, ""},
		"too few have ended":            {4, time.Minute, 0, ""},
		"too early":                     {500, 9 * time.Second, 0, ""},
		"at the pace until now":         {100, time.Minute, 0, ", about 9 minutes left"},
		"rounded":                       {400, 65 * time.Second, 0, ", about 2 minutes left"},
		"nearly done":                   {990, time.Hour, 0, ", less than a minute left"},
		"the rate limit will be slower": {100, time.Minute, 10 * time.Second, ", about 2 hours left"},
		"the rate limit was slower":     {100, time.Hour, time.Second, ", about 9 hours left"},
		"days":                          {10, time.Hour, 0, ", about 4 days left"},
		"done":                          {1000, time.Hour, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := count{title: "Moving apps", done: tt.done, total: 1000, began: time.Now()}
				if tt.least > 0 {
					c.least = func(items int) time.Duration { return tt.least * time.Duration(items) }
				}
				time.Sleep(tt.after)
				if got := c.left(); got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
				if bar := c.bar(); !strings.HasPrefix(bar, "Moving apps ") || !strings.HasSuffix(bar, tt.want) {
					t.Errorf("bar %q", bar)
				}
			})
		})
	}
}

func TestAnnouncedTime(t *testing.T) {
	for least, want := range map[time.Duration]string{
		0:                       "Moving apps: 60…",
		time.Second:             "Moving apps: 60…",
		2 * time.Second:         "Moving apps: 60, which takes at least 2 minutes…",
		119 * time.Second:       "Moving apps: 60, which takes at least 119 minutes…",
		3 * time.Minute:         "Moving apps: 60, which takes at least 3 hours…",
		time.Hour - time.Second: "Moving apps: 60, which takes at least 2 days…",
	} {
		c := count{title: "Moving apps", total: 60, least: func(items int) time.Duration { return least * time.Duration(items) }}
		if got := c.announced(); got != want {
			t.Errorf("%s an item: %q, want %q", least, got, want)
		}
	}
	if got := (count{title: "Moving apps", total: 60}).announced(); got != "Moving apps: 60…" {
		t.Errorf("without knowledge: %q", got)
	}
	if got := Words(time.Minute); got != "1 minute" {
		t.Errorf("%q", got)
	}
}
