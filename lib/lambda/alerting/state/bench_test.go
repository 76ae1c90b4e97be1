package state_test

import (
	"fmt"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

// The benchmark measures what the reports of a batch cost the function itself, for a rule that fires: they are decoded, counted and encoded.
func BenchmarkBatch(b *testing.B) {
	for _, hits := range []int{1, 100} {
		b.Run(fmt.Sprint(hits), func(b *testing.B) {
			s, id := &state.State{}, 0
			now := noon
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(time.Second)
				var batch []alert.Hit
				for range hits {
					id++
					batch = append(batch, alert.Hit{
						Rule: "H12", ID: fmt.Sprint(id), Counts: []alert.Count{{At: now.Unix(), Lines: 3}}, Affected: map[string]int{"/checkout": 3},
					})
				}
				s.Count(rule, batch, now)
				if s.Asks(rule, now) {
					p := s.Claim(state.Teller{App: "shop", Rule: rule, Owner: "me", Now: now})
					s.Confirm(rule, p.ID, now)
				}
				text, err := s.Encode()
				if err != nil {
					b.Fatal(err)
				}
				if s, err = state.Decode(text); err != nil {
					b.Fatal(err)
				}
			}
			text, _ := s.Encode()
			b.ReportMetric(float64(len(text)), "bytes/state")
		})
	}
}
