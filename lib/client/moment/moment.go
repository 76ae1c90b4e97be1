// Package moment reads points in time as people write them.
package moment

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Error is the error of a text that is not a point in time.
type Error struct{ Text string }

func (e *Error) Error() string {
	return fmt.Sprintf("%q is not an age (90s, 15m, 2h, 7d, 1w), a time of day (14:30), a day (today, yesterday, monday, 2026-11-22), or a time (2026-11-22T15:00:00Z)", e.Text)
}

// Parse reads a text as a point in time, seen from now:
//
//   - a time as in RFC 3339, or one without a zone: 2026-11-22T15:04:05, 2026-11-22 15:04;
//   - a day, as its first moment: 2026-11-22, today, yesterday, or the newest monday (today, if it is one);
//   - a time of day, as the newest one: 14:30, 14:30:05, 2:30pm, 2pm; or that of a day: "yesterday 14:30";
//   - an age: 90s, 15m, 7d, 1w, 1d12h, "2 hours ago", "an hour ago", "1 week"; or now.
//
// What has no zone is in that of now. The error is an *Error.
func Parse(text string, now time.Time) (time.Time, error) {
	words := strings.Fields(strings.ToLower(text))
	day, clock := "", ""
	switch len(words) {
	case 1:
		if at, ok := absolute(words[0], now.Location()); ok {
			return at, nil
		}
		day = words[0]
		if _, ok := timeOfDay(day); ok {
			day, clock = "", day
		}
	case 2:
		day, clock = words[0], words[1]
	}
	if at, ok := ofDay(day, clock, now); ok {
		return at, nil
	}
	if ago, ok := age(words); ok {
		return now.Add(-ago), nil
	}
	return time.Time{}, &Error{Text: text}
}

// absolute reads a time with a date, and perhaps with a zone.
func absolute(text string, zone *time.Location) (time.Time, bool) {
	text = strings.ToUpper(text)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// ofDay returns a time of a day. Without a clock, that is the day's first moment; without a day, it is the newest such time.
func ofDay(day, clock string, now time.Time) (time.Time, bool) {
	first, ok := firstOf(day, now)
	if !ok {
		return time.Time{}, false
	}
	if clock == "" {
		return first, day != ""
	}
	at, ok := timeOfDay(clock)
	if !ok {
		return time.Time{}, false
	}
	on := func(first time.Time) time.Time {
		return time.Date(first.Year(), first.Month(), first.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), now.Location())
	}
	if day == "" && on(first).After(now) {
		return on(first.AddDate(0, 0, -1)), true
	}
	return on(first), true
}

// firstOf returns the first moment of a day: today, if it is empty.
func firstOf(day string, now time.Time) (time.Time, bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch day {
	case "", "today":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	}
	for back := range 7 {
		if then := today.AddDate(0, 0, -back); isWeekday(day, then.Weekday()) {
			return then, true
		}
	}
	at, err := time.ParseInLocation(time.DateOnly, day, now.Location())
	return at, err == nil
}

// isWeekday reports whether a text is the name of a day of the week, or its first three letters.
func isWeekday(text string, day time.Weekday) bool {
	name := strings.ToLower(day.String())
	return text == name || text == name[:3]
}

// timeOfDay reads a time without a date.
func timeOfDay(text string) (time.Time, bool) {
	for _, layout := range []string{"15:04", "15:04:05", "3:04pm", "3pm"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// units are the units of an age, in their shortest form and in words without a plural.
var units = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "second": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hour": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour,
	"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour,
	"ms": time.Millisecond,
}

// part matches one number and its unit in an age. More digits than these are no age.
var part = regexp.MustCompile(`^(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)`)

// longestAge is far more than CloudWatch Logs keeps, and far less than a time.Duration can be.
const longestAge = 100 * 365 * 24 * time.Hour

// age reads an age: "7d", "1d12h", "2 hours ago", "an hour".
func age(words []string) (time.Duration, bool) {
	if last := len(words) - 1; last > 0 && words[last] == "ago" {
		words = words[:last]
	}
	if len(words) == 1 && (words[0] == "now" || words[0] == "0") {
		return 0, true
	}
	if len(words) == 2 && (words[0] == "a" || words[0] == "an") {
		words = []string{"1", words[1]}
	}
	text := strings.Join(words, " ")
	if text == "" {
		return 0, false
	}
	var total time.Duration
	for text != "" {
		found := part.FindStringSubmatch(text)
		if found == nil {
			return 0, false
		}
		unit, known := units[found[2]]
		if !known {
			if unit, known = units[strings.TrimSuffix(found[2], "s")]; !known || len(found[2]) < len("secs") {
				return 0, false
			}
		}
		count, err := strconv.ParseFloat(found[1], 64)
		if err != nil || count*float64(unit) > float64(longestAge) {
			return 0, false
		}
		if total += time.Duration(count * float64(unit)); total > longestAge {
			return 0, false
		}
		text = strings.TrimPrefix(text[len(found[0]):], " ")
	}
	return total, true
}
