package plural_test

import (
	"testing"

	"heroku-drains/lib/client/plural"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 dead letters", 1: "1 dead letter", 2: "2 dead letters", 1000: "1000 dead letters"} {
		if got := plural.Count(n, "dead letter"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
