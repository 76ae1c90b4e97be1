package spelling_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/client/spelling"
)

func TestEdits(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"shop", "shop", 0},
		{"shp", "shop", 1},
		{"shoop", "shop", 1},
		{"ship", "shop", 1},
		{"shpo", "shop", 1}, // two neighbors swapped
		{"", "shop", 4},
		{"shop", "", 4},
		{"logs", "sync", 4},
		{strings.Repeat("x", 1<<20), "shop", 1 << 20},
	} {
		if got := spelling.Edits(test.a, test.b); got != test.want {
			t.Errorf("Edits(%.20q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
