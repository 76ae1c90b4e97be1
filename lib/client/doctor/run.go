package doctor

import (
	"context"
	"sync"
)

// atATime is how many checks run at once: a fleet's take seconds, and stay below AWS's quotas for calls.
const atATime = 8

// Run runs checks, some at a time, and answers their findings in the order of the checks. When ctx ends, those that have not begun are left
// out.
func Run(ctx context.Context, checks []func(context.Context) []Finding) []Finding {
	results := make([][]Finding, len(checks))
	slots := make(chan struct{}, atATime)
	var running sync.WaitGroup
	for i, check := range checks {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			results[i] = check(ctx)
		})
	}
	running.Wait()
	var all []Finding
	for _, findings := range results {
		all = append(all, findings...)
	}
	return all
}
