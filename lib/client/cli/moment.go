package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// moment is a point in time, given as a flag.
type moment struct{ time.Time }

// days matches the part of a duration that time.ParseDuration does not know.
var days = regexp.MustCompile(`^(\d{1,5})d`)

// UnmarshalText reads a time as in RFC 3339, a date as its first moment (in UTC, like the times of lines), or an age such as 90s or 7d.
func (m *moment) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			m.Time = at
			return nil
		}
	}
	ago, err := parseAgo(string(text))
	if err != nil || ago < 0 {
		return fmt.Errorf("%q is not a time (2026-11-22T15:00:00Z), a date (2026-11-22) or an age (90s, 15m, 36h, 7d)", text)
	}
	m.Time = time.Now().Add(-ago)
	return nil
}

// parseAgo is like time.ParseDuration, but also accepts leading days: "7d", "1d12h".
func parseAgo(text string) (time.Duration, error) {
	match := days.FindStringSubmatch(text)
	if match == nil {
		return time.ParseDuration(text)
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return 0, err
	}
	whole := time.Duration(n) * 24 * time.Hour
	if rest := text[len(match[0]):]; rest != "" {
		part, err := time.ParseDuration(rest)
		return whole + part, err
	}
	return whole, nil
}
