package logplex_test

import (
	"testing"
	"time"

	"heroku-drains/lib/logplex"
)

// lineTime returns the time that ParseLine reads from a text.
func lineTime(t *testing.T, text string) time.Time {
	t.Helper()
	line := parse(t, "<190>1 "+text+" host app web.1 - m\n")
	if string(line.TimeText) != text {
		t.Errorf("%q was sent, TimeText is %q", text, line.TimeText)
	}
	return line.Time
}

// TestTrapTimestampLayouts covers fractions of 0 to 6 digits (Heroku drops trailing zeros), and "Z" or an offset.
func TestTrapTimestampLayouts(t *testing.T) {
	for _, text := range []string{
		"2014-12-08T22:17:12Z",
		"2014-12-08T22:17:12+00:00",
		"2014-12-08T22:17:12.1+00:00",
		"2014-12-08T22:17:12.12+00:00",
		"2014-12-08T22:17:12.123+00:00",
		"2014-12-08T22:17:12.1234Z",
		"2014-12-08T10:57:11.96214+00:00",
		"2014-12-08T22:17:12.123456+00:00",
		"2014-12-08T22:17:12.123456789-08:00",
		"2014-12-08T22:17:12.1234567899+05:45",
		"2014-12-08T00:00:00-23:59",
		"2014-12-31T23:59:59.999999+23:59",
		"2024-02-29T12:00:00Z",
		"2000-02-29T12:00:00Z",
		"0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z",
	} {
		want, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := lineTime(t, text); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s is %v, want %v in UTC", text, got, want)
		}
	}
}

// TestInvalidTimes checks that an invalid time is zero, and that the rest of the line is read nevertheless.
func TestInvalidTimes(t *testing.T) {
	for _, text := range []string{
		"-", "now", "1709647629", "2014-12-08", "2014-12-08T22:17:12", "2014-12-08T22:17Z", "2014-12-08t22:17:12z", "2014-12-08_22:17:12Z",
		"2014-13-08T22:17:12Z", "2014-00-08T22:17:12Z", "2014-12-00T22:17:12Z", "2014-12-32T22:17:12Z", "2014-11-31T22:17:12Z", "2023-02-29T12:00:00Z",
		"1900-02-29T12:00:00Z", "2014-12-08T24:17:12Z", "2014-12-08T22:60:12Z", "2014-12-08T22:17:60Z", "2014-12-08T22:17:12.Z", "2014-12-08T22:17:12,5Z",
		"2014-12-08T22:17:12+0000", "2014-12-08T22:17:12+00.00", "2014-12-08T22:17:12+24:00", "2014-12-08T22:17:12+00:60", "2014-12-08T22:17:12*00:00", "2014-12-08T22:17:12+0a:00",
		"2014-12-08T22:17:12ZZ", "2014-12-08T22:17:12.5", "201a-12-08T22:17:12Z", "-014-12-08T22:17:12Z",
		"0001-01-01T00:00:00Z", "0001-01-01T01:00:00+01:00", // the zero time means that there is none
	} {
		if got := lineTime(t, text); !got.IsZero() {
			t.Errorf("%s is %v", text, got)
		}
		if _, readable := logplex.ParseTime([]byte(text)); readable {
			t.Errorf("%s is readable", text)
		}
		if line, _ := logplex.ParseLine([]byte("<190>1 " + text + " host app web.1 - m\n")); string(line.Message) != "m" {
			t.Errorf("%s: the message is %q", text, line.Message)
		}
	}
}
