package cli

import (
	"testing"
	"time"
)

func TestReversedTimes(t *testing.T) {
	now := time.Date(2026, 11, 28, 7, 42, 0, 0, time.UTC)
	for _, tt := range []struct{ since, until, want string }{
		{"07:40", "07:55", "--until is before --since: --since 07:40 is 2026-11-28 07:40:00 UTC, and --until 07:55 is 2026-11-27 07:55:00 UTC. " +
			"A time of day is the last one before now; to give a day, write \"today 14:30\""},
		{"1h", "2h", "--until is before --since: --since 1h is 2026-11-28 06:42:00 UTC, and --until 2h is 2026-11-28 05:42:00 UTC"},
	} {
		logs := logsCmd{Since: moment{tt.since}, Until: moment{tt.until}}
		if _, err := logs.lines(now); err == nil || err.Error() != tt.want {
			t.Errorf("logs: %v, want %s", err, tt.want)
		}
	}
}
