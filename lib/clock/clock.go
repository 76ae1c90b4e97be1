// Package clock waits for time to pass.
package clock

import (
	"context"
	"time"
)

// Sleep waits for d and returns nil, or returns the cause of ctx's end, as context.Cause does, as soon as ctx has ended. If ctx has ended
// before, it returns at once, even if d is not positive.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}
