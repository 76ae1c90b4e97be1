package fleet

import (
	"context"
	"sync"
)

// Each calls do for every item, at most width at a time, and returns when the calls have. Once ctx has ended it makes no further call.
func Each[T any](ctx context.Context, width int, items []T, do func(T)) {
	var calls sync.WaitGroup
	defer calls.Wait()
	slots := make(chan struct{}, width)
	for _, item := range items {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return
		}
		calls.Go(func() {
			defer func() { <-slots }()
			do(item)
		})
	}
}
