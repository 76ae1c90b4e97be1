package cli_test

import (
	"testing"

	"heroku-drains/lib/client/cli"
)

func TestOneUnitIsNotInThePlural(t *testing.T) {
	t.Parallel()
	for want, given := range map[string]struct {
		n    float64
		unit string
	}{
		"1 request of 64 KB": {1, "requests of 64 KB"}, "2 requests of 64 KB": {2, "requests of 64 KB"}, "1 invocation": {1, "invocations"},
		"0.50 units of 1 KB": {0.5, "units of 1 KB"}, "2.16 million requests of 512 KB": {2_160_000, "requests of 512 KB"}, "1.5 GB": {1.5e9, "bytes"},
	} {
		if got := cli.Quantity(given.n, given.unit); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
