package logplex_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex"
)

// pieces reads a body, with malformed pieces marked by a leading "!".
func pieces(body string) []string {
	var out []string
	for f := range logplex.Frames([]byte(body)) {
		if f.Malformed {
			out = append(out, "!"+string(f.Raw))
			continue
		}
		out = append(out, string(f.Message))
	}
	return out
}

func frame(message string) string { return string(logplex.AppendFrame(nil, []byte(message))) }

func TestGoodFrames(t *testing.T) {
	a := "<40>1 2012-11-30T06:45:29+00:00 host app web.3 - State changed from starting to up\n"
	b := "<172>1 2014-12-08T22:17:12+00:00 host heroku logplex - Error L10 (output buffer overflow): 3 messages dropped since 2014-12-08T22:17:05+00:00"
	got := pieces(frame(a) + frame(b) + frame(a))
	if diff := cmp.Diff([]string{a, b, a}, got); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
}
