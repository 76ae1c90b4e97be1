package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// moment is a flag's point in time.
type moment struct{ time.Time }

// days is the part of a duration that time.ParseDuration does not know.
var days = regexp.MustCompile(`^(\d{1,5})d`)

// UnmarshalText reads a time of RFC 3339, a date as its first moment (UTC, as lines' times are shown), or a duration as so long ago.
func (m *moment) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			m.Time = at
			return nil
		}
	}
	ago, err := parseAgo(string(text))
	if err != nil || ago < 0 {
		return fmt.Errorf("%q is neither a time like 2026-11-22T15:00:00Z, nor a date like 2026-11-22, nor a duration like 90s, 15m, 36h or 7d", text)
	}
	m.Time = time.Now().Add(-ago)
	return nil
}

// parseAgo is time.ParseDuration with days in front: "7d", "1d12h".
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
