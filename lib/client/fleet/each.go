package fleet

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Each calls do for every item, at most limit at a time, and returns when all calls have returned. Once ctx has ended it makes no further
// call.
func Each[T any](ctx context.Context, limit int, items []T, do func(T)) {
	var calls errgroup.Group
	calls.SetLimit(limit)
	for _, item := range items {
		calls.Go(func() error {
			if ctx.Err() == nil {
				do(item)
			}
			return nil
		})
	}
	_ = calls.Wait() // there are no errors: do keeps its own
}
