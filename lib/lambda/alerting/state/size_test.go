package state_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

// worst returns a hit with as much as can be: texts that JSON makes longer, and many lines in each of its seconds.
func worst(i int, at time.Time, seconds, lines int) alert.Hit {
	h := alert.Hit{ID: fmt.Sprint(i), Subject: fmt.Sprintf("%060d", i), Affected: map[string]int{}}
	for second := range seconds {
		h.Counts = append(h.Counts, alert.Count{At: at.Unix() + int64(second), Lines: lines})
	}
	for n := range alert.MaxAffected {
		h.Affected[fmt.Sprint(i*100+n)+strings.Repeat("\"", 200)] = 1 + n
	}
	for range alert.MaxSamples {
		h.Lines = append(h.Lines, alert.Line{
			Time: at, Source: strings.Repeat("\\", 100), Process: strings.Repeat("\u2028", 100), Text: strings.Repeat("\"\x01\xff", 1000),
		})
	}
	return h
}

func TestTheSizeIsLimited(t *testing.T) {
	hour := rule
	hour.Threshold, hour.Window = 1_000_000_000, alert.Duration(time.Hour)
	firing := hour
	firing.Threshold = 2_000_000
	inARow := memory
	inARow.Threshold = 100
	for name, test := range map[string]struct {
		rule  alert.Rule
		hits  func(i int) (alert.Hit, time.Time)
		count int
	}{
		"every second of a window of an hour": {hour, func(i int) (alert.Hit, time.Time) {
			at := noon.Add(time.Duration(i) * 10 * time.Second)
			return worst(i, at, 10, 500), at.Add(10 * time.Second)
		}, 1000},
		"an alert": {firing, func(i int) (alert.Hit, time.Time) {
			at := noon.Add(time.Duration(i) * 3 * time.Second)
			return worst(i, at, 3, 500), at.Add(3 * time.Second)
		}, 3000},
		"an outage": {hour, func(i int) (alert.Hit, time.Time) {
			return worst(i, noon.Add(time.Duration(i*7919)*time.Second), 50, 500), noon.Add(240 * time.Hour)
		}, 2000},
		"hundreds of dynos": {inARow, func(i int) (alert.Hit, time.Time) {
			at := noon.Add(time.Duration(i) * time.Second / 20)
			h := worst(i, at, 1, 1)
			h.Subject = fmt.Sprintf("%060d", i%400)
			return h, at
		}, 4000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, test.rule)
			longest := 0
			for i := range test.count {
				h, now := test.hits(i)
				m.state.Count(m.rule, []alert.Hit{h}, now)
				if i%25 != 0 && i < test.count-50 {
					continue // as a batch of several
				}
				m.tell(now)
				text, err := m.state.Encode()
				if err != nil {
					t.Fatal(err)
				}
				if longest = max(longest, len(text)); len(text) > state.MaxSize {
					t.Fatalf("%d bytes after %d hits", len(text), i+1)
				}
			}
			t.Logf("at most %d bytes", longest)
		})
	}
}

// A usual alert costs a write unit or two, which is as many KB.
func TestTheUsualSize(t *testing.T) {
	m := newMachine(t, rule)
	longest := 0
	for i := range 120 {
		at := noon.Add(time.Duration(i) * 5 * time.Second)
		h := m.hit(at, at)
		h.Affected = map[string]int{fmt.Sprintf("/products/%d", i%3): 2}
		h.Lines = []alert.Line{{
			Time: at, Source: "heroku", Process: "router",
			Text: `at=error code=H12 desc="Request timeout" method=GET path="/products/1" host=shop.example.com request_id=4f1b9a0e-91d0-4c1e-a3f5-3f2f2d0d6c33 dyno=web.1 status=503`,
		}}
		m.count(at, h)
		text, err := m.state.Encode()
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, len(text))
	}
	if longest > 2500 {
		t.Errorf("%d bytes", longest)
	}
	t.Logf("at most %d bytes", longest)
}

func FuzzDecode(f *testing.F) {
	m := newMachine(&testing.T{}, rule)
	h := m.hit(noon, noon.Add(time.Second))
	h.Affected, h.Lines = map[string]int{"/": 2}, []alert.Line{{Time: noon, Source: "heroku", Process: "router", Text: "at=error"}}
	m.state.Count(rule, []alert.Hit{h}, noon)
	for _, threshold := range []int{5, 1} {
		m.rule.Threshold = threshold
		m.state.Asks(m.rule, noon)
		text, err := m.state.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"tracks":{"web.1":{"lines":"AAECAw","late":"BAUGBw","arrived":1}},"seen":[{"t":300,"ids":"AAAAAAAA"}],"pending":{"id":"a","event":"resolved","until":1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := state.Decode([]byte(text))
		if err != nil {
			return
		}
		encoded, err := s.Encode()
		if err != nil {
			t.Skip() // a time that JSON cannot write
		}
		again, err := state.Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.Encode(); err != nil || string(twice) != string(encoded) {
			t.Fatalf("%v, encoded again (-first +second):\n%s", err, cmp.Diff(string(encoded), string(twice)))
		}
	})
}
