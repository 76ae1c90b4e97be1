package moment_test

import (
	"errors"
	"testing"
	"time"

	"heroku-drains/lib/client/moment"
)

// berlin is two hours ahead of UTC in summer, and one in winter. The clocks were set back on 2026-10-25 at 03:00.
func berlin(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	return zone
}

func TestParse(t *testing.T) {
	now := time.Date(2026, 11, 25, 14, 0, 0, 0, berlin(t)) // a Wednesday
	for text, want := range map[string]string{
		"2026-11-22T15:04:05Z":      "2026-11-22T15:04:05Z",
		"2026-11-22t15:04:05.5z":    "2026-11-22T15:04:05.5Z",
		"2026-11-22T15:04:05+05:30": "2026-11-22T09:34:05Z",
		"2026-11-22T15:04:05":       "2026-11-22T14:04:05Z",
		"2026-11-22T15:04":          "2026-11-22T14:04:00Z",
		"2026-11-22 15:04":          "2026-11-22T14:04:00Z",
		"2026-11-22 3pm":            "2026-11-22T14:00:00Z",
		"2026-11-22":                "2026-11-21T23:00:00Z",
		"2026-10-25":                "2026-10-24T22:00:00Z",
		"2026-10-25 12:00":          "2026-10-25T11:00:00Z",
		"today":                     "2026-11-24T23:00:00Z",
		"Yesterday":                 "2026-11-23T23:00:00Z",
		"yesterday 14:30":           "2026-11-24T13:30:00Z",
		"monday":                    "2026-11-22T23:00:00Z",
		"wednesday":                 "2026-11-24T23:00:00Z",
		"thu":                       "2026-11-18T23:00:00Z",
		"monday 9:05":               "2026-11-23T08:05:00Z",
		"13:59":                     "2026-11-25T12:59:00Z",
		"14:00":                     "2026-11-25T13:00:00Z",
		"14:30":                     "2026-11-24T13:30:00Z",
		"today 14:30":               "2026-11-25T13:30:00Z",
		"2:30pm":                    "2026-11-24T13:30:00Z",
		"2PM":                       "2026-11-25T13:00:00Z",
		"00:00:01":                  "2026-11-24T23:00:01Z",
		"90s":                       "2026-11-25T12:58:30Z",
		"15m":                       "2026-11-25T12:45:00Z",
		"1h30m":                     "2026-11-25T11:30:00Z",
		"1.5h":                      "2026-11-25T11:30:00Z",
		"7d":                        "2026-11-18T13:00:00Z",
		"1d12h":                     "2026-11-24T01:00:00Z",
		"1w":                        "2026-11-18T13:00:00Z",
		"0":                         "2026-11-25T13:00:00Z",
		"now":                       "2026-11-25T13:00:00Z",
		"2 hours ago":               "2026-11-25T11:00:00Z",
		"2 hours":                   "2026-11-25T11:00:00Z",
		"an hour ago":               "2026-11-25T12:00:00Z",
		"a week ago":                "2026-11-18T13:00:00Z",
		" 10  min ago ":             "2026-11-25T12:50:00Z",
		"1 day 2 hours ago":         "2026-11-24T11:00:00Z",
		"5min":                      "2026-11-25T12:55:00Z",
	} {
		at, err := moment.Parse(text, now)
		if got := at.UTC().Format(time.RFC3339Nano); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "ago", "soon", "-1h", "- 1h", "1", "1 x", "1hh", "1ss", "1 mss", "tomorrow", "25:00", "14:60", "2026-13-01", "2026-11-31", "yesterday ago", "a", "an ago",
		"mo", "mondays", "99999999999w", "9999999w", "100000000 hours 100000000 hours", "1e9h", "13pm", "12:00 today", "today today", "2026-11-22 25:00", "1h ago ago", "\x00", "１h",
	} {
		if at, err := moment.Parse(text, now); err == nil {
			t.Errorf("%q is read as %s", text, at)
		} else if _, ok := errors.AsType[*moment.Error](err); !ok {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

// Whatever is read is a time that CloudWatch Logs can be asked for, and a time written out is read back.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"14:30", "1w", "yesterday", "2 hours ago", "today", "monday", "2026-11-22T15:04:05Z", "2026-11-22 15:04", "2:30pm", "1d12h", "an hour ago", "now", "999999999w", "0001-01-01", "9999-12-31T23:59:59+14:00",
	} {
		f.Add(text, int64(1_795_600_800))
	}
	zone := berlin(f)
	f.Fuzz(func(t *testing.T, text string, second int64) {
		if second < 0 || second > 253_402_300_799 {
			return
		}
		now := time.Unix(second, 0).In(zone)
		at, err := moment.Parse(text, now)
		if err != nil {
			return
		}
		if at.Year() < -1 || at.Year() > 10_000 {
			t.Fatalf("%q: %s", text, at)
		}
		if at.Year() < 1900 || at.Year() > 9999 { // zones had seconds, which RFC 3339 does not have
			return
		}
		again, err := moment.Parse(at.Format(time.RFC3339Nano), now)
		if err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, which is read as %s, %v", text, at, again, err)
		}
	})
}
