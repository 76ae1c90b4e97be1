package main

import (
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/simulate"
)

// ten returns the result of ten minutes in which the memory, in MB, goes from one value to another, half way.
func ten(functionsFrom, functionsTo, driverFrom, driverTo int) *result {
	r := &result{opts: options{duration: 10 * time.Minute}, tally: simulate.Tally{Acknowledged: 1}, counts: counts{acknowledged: 1}}
	for after := 2 * time.Second; after <= r.opts.duration; after += 2 * time.Second {
		m := memory{functions: map[string]int{"f": functionsFrom}, driver: driverFrom}
		if after > r.opts.duration/2 {
			m = memory{functions: map[string]int{"f": functionsTo}, driver: driverTo}
		}
		r.points = append(r.points, sample{after: after, memory: m})
	}
	return r
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		result *result
		change func(*result)
		want   string // part of the error; empty: no error
	}{
		"flat":                   {ten(1000, 1090, 200, 185), func(*result) {}, ""},
		"functions grow":         {ten(1000, 1110, 200, 200), func(*result) {}, "functions in the last minute differs by +11.0 %"},
		"the driver grows":       {ten(1000, 1000, 200, 230), func(*result) {}, "driver in the last minute differs by +15.0 %"},
		"the driver shrinks":     {ten(1000, 1000, 200, 150), func(*result) {}, "driver in the last minute differs by -25.0 %"},
		"too short to be judged": {ten(1000, 2000, 200, 400), func(r *result) { r.opts.duration = time.Minute }, ""},
		"a line is lost":         {ten(1000, 1000, 200, 200), func(r *result) { r.lost = 1 }, "1 lines that were acknowledged are not stored"},
		"a line is changed":      {ten(1000, 1000, 200, 200), func(r *result) { r.counts.altered = 1 }, "another text or time"},
		"a line is dropped":      {ten(1000, 1000, 200, 200), func(r *result) { r.counts.dropped = 1 }, "1 lines were dropped by Logplex"},
		"nothing was sent":       {ten(1000, 1000, 200, 200), func(r *result) { r.tally.Acknowledged = 0 }, "no line was acknowledged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change(test.result)
			err := test.result.verdict()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			word := "PASS"
			if test.want != "" {
				word = "FAIL"
			}
			if text := test.result.String(); !strings.HasSuffix(text, word) {
				t.Errorf("the last line is not %s:\n%s", word, text)
			}
		})
	}
}
