package cli_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
)

// BenchmarkManyDrains compares what a fleet costs with what one drain does, in the same run: 200 drains should take less than half a second.
//
//	go test ./lib/client/cli -run '^$' -bench ManyDrains
func BenchmarkManyDrains(b *testing.B) {
	for _, n := range []int{1, 200} {
		system := localtest.Start(b, local.Options{})
		api := clienttest.API(b, system.AWS)
		var puts errgroup.Group
		puts.SetLimit(4)
		for i := range n {
			puts.Go(func() error {
				_, _, err := api.Put(b.Context(), fmt.Sprintf("app-%03d", i), drain.Patch{})
				return err
			})
		}
		localtest.Must(b, puts.Wait())
		for _, verb := range []string{"list", "doctor"} {
			b.Run(fmt.Sprintf("%s/drains=%d", verb, n), func(b *testing.B) {
				for b.Loop() {
					var stdout, stderr bytes.Buffer
					args := []string{"--local", "--local-api-url", system.AWS.APIURL(), "--local-aws-url", system.AWS.AWSURL(), verb}
					code := cli.MainThatWaits(b.Context(), args, strings.NewReader(""), &stdout, &stderr, clock.Sleep)
					if code != 0 {
						b.Fatalf("exit code %d: %s%s", code, stdout.String(), stderr.String())
					}
				}
			})
		}
	}
}
