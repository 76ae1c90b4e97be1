package message

import (
	"strconv"
	"strings"
	"time"
)

// span returns a duration in words that are short, rounded up: "45 s", "12 min", "3 h 20 min", "2 days".
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < time.Minute:
		return strconv.Itoa(ceil(d, time.Second)) + " s"
	case d <= time.Hour:
		return strconv.Itoa(ceil(d, time.Minute)) + " min"
	case d < 48*time.Hour:
		minutes := ceil(d, time.Minute)
		if minutes%60 == 0 {
			return strconv.Itoa(minutes/60) + " h"
		}
		return strconv.Itoa(minutes/60) + " h " + strconv.Itoa(minutes%60) + " min"
	}
	return strconv.Itoa(ceil(d, 24*time.Hour)) + " days"
}

func ceil(d, unit time.Duration) int { return int((d + unit - 1) / unit) }

// number returns a number with commas: 12,345.
func number(n int) string {
	digits := strconv.Itoa(n)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), ",")
}

// plural returns a number of things: "1 line", "2 lines".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// clock returns a time of day, and date returns it with the day.
func clock(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }
func date(t time.Time) string  { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
