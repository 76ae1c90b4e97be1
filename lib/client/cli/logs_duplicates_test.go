package cli_test

import (
	"strings"
	"testing"
	"time"
)

// A batch that was stored twice is shown once, and a note says so.
func TestLogsHidesDuplicates(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	at := time.Now().Add(-time.Minute)
	const id = "4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41"
	for i := range 2 {
		s.store(at, "app[web.1]: paid request_id="+id)
		s.AWS.Advance(time.Second) // the time at which a line was stored tells copies apart
		if i == 0 {
			none := s.must("logs", "-a", "shop")
			if strings.Contains(none.stderr, "duplicate") {
				t.Errorf("a note without duplicates: %s", none.stderr)
			}
		}
	}
	for _, tt := range []struct {
		args  []string
		lines int
		note  bool
	}{
		{[]string{"logs", "-a", "shop"}, 1, true},
		{[]string{"logs", "-a", "shop", "--since", "1h", "--json"}, 1, true},
		{[]string{"logs", "-a", "shop", "--duplicates"}, 2, false},
	} {
		got := s.must(tt.args...)
		if n := strings.Count(got.stdout, "request_id="); n != tt.lines {
			t.Errorf("%q: %d lines", tt.args, n)
		}
		if note := strings.Contains(got.stderr, "1 duplicate hidden. To show them, add --duplicates."); note != tt.note {
			t.Errorf("%q: %s", tt.args, got.stderr)
		}
	}
	if got := s.must("trace", id).stdout; !strings.Contains(got, "1 line with this ID, without 1 duplicate") {
		t.Errorf("trace: %s", got)
	}
	if got := s.must("trace", id, "--output", "json").stdout; !strings.Contains(got, `"duplicates": 1`) {
		t.Errorf("trace: %s", got)
	}
}
