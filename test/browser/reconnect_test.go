package browser_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"heroku-drains/lib/drain"
)

// TestReconnect checks that a tail goes on after the console was away, without losing or repeating a line.
func TestReconnect(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	p := open(t, s, "", desktop)
	p.until(live)
	at := time.Now().Add(-time.Minute)
	var want []string
	add := func(n int) {
		for range n {
			text := fmt.Sprintf("line %d", len(want))
			want = append(want, text)
			s.store("shop", at, jsonLineAt(at, text))
			at = at.Add(time.Millisecond)
		}
	}
	for round := range 3 {
		add(5)
		p.until(shows(want[len(want)-1]))
		s.stop()
		p.until(`document.getElementById('connection').dataset.state === 'retrying'`)
		add(5) // while nobody listens
		s.start()
		p.until(live)
		add(1)
		p.until(shows(want[len(want)-1]))
		if got := p.texts(); !slices.Equal(got, want) {
			t.Fatalf("after %d interruptions: %q, want %q", round+1, got, want)
		}
	}
	// The browser itself reports connections that fail.
	p.expectErrors("ERR_CONNECTION_REFUSED")
	p.expectErrors("ERR_INCOMPLETE_CHUNKED_ENCODING")
	p.expectErrors("ERR_CONNECTION_RESET")
	p.expectErrors("ERR_EMPTY_RESPONSE")
}

// jsonLineAt returns a stored line with a time of its own.
func jsonLineAt(at time.Time, text string) string {
	return fmt.Sprintf(`{"time":%q,"app":"shop","source":"app","process":"web.1","severity":"info","message":%q}`, at.UTC().Format("2006-01-02T15:04:05.000000Z07:00"), text)
}
