package alert

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String returns the duration without units that are zero: "5m", not "5m0s".
func (d Duration) String() string {
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// MarshalText writes the duration as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration such as "90s", "5m", "1h30m" or "2d". It must be positive and in whole seconds.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if number, ok := strings.CutSuffix(string(text), "d"); ok {
		var days int
		days, err = strconv.Atoi(number)
		parsed = time.Duration(days) * 24 * time.Hour
	}
	if err == nil && parsed <= 0 {
		return fmt.Errorf("%q must be a positive duration, such as 90s, 5m, 1h30m or 2d", text)
	}
	if err != nil || parsed%time.Second != 0 {
		return fmt.Errorf("%q is not a duration: give whole seconds, minutes, hours or days, such as 90s, 5m, 1h30m or 2d", text)
	}
	*d = Duration(parsed)
	return nil
}
