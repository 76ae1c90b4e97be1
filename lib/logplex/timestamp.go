package logplex

import "time"

// timeShaped reports whether the text starts like an RFC 3339 time, up to the seconds: "2012-11-30T06:45:29". The values may be out of range.
func timeShaped(text []byte) bool {
	const shape = "0000-00-00T00:00:00"
	if len(text) < len(shape) {
		return false
	}
	text = text[:len(shape)]
	if text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return false
	}
	return twoDigits(text[0:])|twoDigits(text[2:])|twoDigits(text[5:])|twoDigits(text[8:])|twoDigits(text[11:])|twoDigits(text[14:])|twoDigits(text[17:]) >= 0
}

// ParseTime parses an RFC 3339 time, with "Z" or an offset, and with a fraction of any length or none. The result is in UTC, to the
// nanosecond. ParseTime defines which times of lines are valid. It rejects a fraction after a comma, and the first instant of the year 1,
// because Line.Time is zero if the time is invalid. It accepts no more than time.Parse does, which takes several times as long and allocates a
// zone for most offsets.
func ParseTime(text []byte) (time.Time, bool) {
	if !timeShaped(text) {
		return time.Time{}, false
	}
	year, month, day := 100*twoDigits(text[0:])+twoDigits(text[2:]), twoDigits(text[5:]), twoDigits(text[8:])
	hour, minute, second := twoDigits(text[11:]), twoDigits(text[14:]), twoDigits(text[17:])
	nanos, rest, ok := fraction(text[19:])
	offset, offsetOK := zone(rest)
	if !ok || !offsetOK || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if day > 28 && t.Day() != day { // June 31, which time.Date turns into July 1
		return time.Time{}, false
	}
	t = t.Add(-offset)
	return t, !t.IsZero()
}

// fraction parses an optional "." and digits as nanoseconds. Further digits are dropped.
func fraction(text []byte) (nanos int, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' {
		return 0, text, true
	}
	i := 1
	for unit := 100_000_000; i < len(text) && isDigit(text[i]); i++ {
		nanos += int(text[i]-'0') * unit
		unit /= 10
	}
	return nanos, text[i:], i > 1
}

// zone parses "Z" or an offset such as "+02:00", which must be the whole text.
func zone(text []byte) (offset time.Duration, ok bool) {
	if len(text) == 1 && text[0] == 'Z' {
		return 0, true
	}
	if len(text) != len("+00:00") || text[0] != '+' && text[0] != '-' || text[3] != ':' {
		return 0, false
	}
	hours, minutes := twoDigits(text[1:]), twoDigits(text[4:])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, false
	}
	offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if text[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// twoDigits returns the value of the two digits that the text begins with, or -1 if there is anything else.
func twoDigits(text []byte) int {
	tens, ones := text[0]-'0', text[1]-'0'
	if max(tens, ones) > 9 {
		return -1
	}
	return 10*int(tens) + int(ones)
}

// number returns the value of a few digits, or -1 if there is anything else.
func number(digits []byte) int {
	n := 0
	for _, c := range digits {
		if !isDigit(c) {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
