package cli

import (
	"fmt"
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

// isTimeOfDay reports whether the text is a time without a day.
func (m moment) isTimeOfDay() bool {
	_, err := instant.Parse("today "+m.text, time.Now())
	return err == nil
}

// reversed returns the error of a time range that ends before it begins. It says how both were read: the day of a time without one is not obvious.
func reversed(since, until moment, now time.Time) error {
	const layout = "2006-01-02 15:04:05 MST"
	text := fmt.Sprintf("--until is before --since: --since %s is %s, and --until %s is %s",
		since, since.at(now).Format(layout), until, until.at(now).Format(layout))
	if since.isTimeOfDay() || until.isTimeOfDay() {
		text += ". A time of day is the last one before now; to give a day, write \"today 14:30\""
	}
	return usagef("%s", text)
}
