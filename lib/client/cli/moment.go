package cli

import (
	"time"

	instant "heroku-drains/lib/client/moment"
)

// moment is a point in time, given as a flag: see package moment. What it is depends on the zone of a text without one.
type moment struct{ text string }

// UnmarshalText accepts what package moment reads.
func (m *moment) UnmarshalText(text []byte) error {
	m.text = string(text)
	_, err := instant.Parse(m.text, time.Now())
	return err
}

// IsZero reports whether the flag was not given.
func (m moment) IsZero() bool { return m.text == "" }

func (m moment) String() string { return m.text }

// at returns the time as seen from now, and in its zone if the text has none; the zero time if the flag was not given.
func (m moment) at(now time.Time) time.Time {
	if m.IsZero() {
		return time.Time{}
	}
	at, _ := instant.Parse(m.text, now) // UnmarshalText accepted it, and no zone makes a difference to that
	return at
}

// isZoned reports whether the time would be another one in the local zone.
func (m moment) isZoned(now time.Time) bool {
	return !m.IsZero() && !m.at(now.UTC()).Equal(m.at(now.Local()))
}
