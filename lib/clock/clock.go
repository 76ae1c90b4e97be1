// Package clock waits for time to pass.
package clock

import (
	"context"
	"time"
)

// Sleep waits for d and returns nil. As soon as ctx ends, it returns the cause, as context.Cause does. If ctx has already ended, it returns
// the cause at once, even if d is not positive.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}
