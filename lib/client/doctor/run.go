package doctor

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// maxParallel is how many checks run at a time: those of a large fleet take seconds, and stay below AWS's request quotas.
const maxParallel = 8

// Run runs checks, at most maxParallel at a time, and returns their findings in the order of the checks. Once ctx has ended it begins no
// further check.
func Run(ctx context.Context, checks []func(context.Context) []Finding) []Finding {
	results := make([][]Finding, len(checks))
	var running errgroup.Group
	running.SetLimit(maxParallel)
	for i, check := range checks {
		running.Go(func() error {
			if ctx.Err() == nil {
				results[i] = check(ctx)
			}
			return nil
		})
	}
	_ = running.Wait() // a check that fails returns a finding
	return slices.Concat(results...)
}
