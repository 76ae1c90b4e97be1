package runtimeapi_test

import (
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

func TestBilled(t *testing.T) {
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		used     runtimeapi.Used
		memoryMB int
		want     time.Duration
	}{
		"at least a millisecond": {runtimeapi.Used{}, 256, ms},
		"waiting":                {runtimeapi.Used{Elapsed: 20 * ms}, 256, 20 * ms},
		"a vCPU":                 {runtimeapi.Used{Elapsed: 20 * ms, CPU: 10 * ms}, 1769, 20 * ms},
		"half a vCPU, rounded":   {runtimeapi.Used{Elapsed: 20*ms + 1, CPU: 10 * ms}, 1769 / 2, 31 * ms},
		"more than one":          {runtimeapi.Used{Elapsed: 20 * ms, CPU: 10 * ms}, 4096, 20 * ms},
		"several threads":        {runtimeapi.Used{Elapsed: 10 * ms, CPU: 15 * ms}, 1769, 10 * ms},
	} {
		if got := test.used.Billed(test.memoryMB); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
