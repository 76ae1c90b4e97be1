package patient

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
)

// LimitAttempts returns a copy of cfg whose clients abandon an attempt that gets no response within limit, and then retry as configured. The
// SDK itself has no such limit: a call on a connection that went stale while Lambda had the function frozen would last until the caller's
// context ends. The limit must allow for the slowest response, because an abandoned attempt may have succeeded.
// https://docs.aws.amazon.com/sdk-for-go/v2/developer-guide/configure-retries-timeouts.html
func LimitAttempts(cfg aws.Config, limit time.Duration) aws.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(attemptLimit(limit), "Retry", middleware.After)
	})
	return cfg
}

// attemptLimit is the middleware that limits an attempt: everything from the signature to the end of the response's body.
type attemptLimit time.Duration

// ID implements middleware.FinalizeMiddleware.
func (attemptLimit) ID() string { return "AttemptLimit" }

// HandleFinalize implements middleware.FinalizeMiddleware.
func (l attemptLimit) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	middleware.FinalizeOutput, middleware.Metadata, error,
) {
	limited, cancel := context.WithTimeout(ctx, time.Duration(l))
	defer cancel()
	out, metadata, err := next.HandleFinalize(limited, in)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = unanswered(l)
	}
	return out, metadata, err
}

// unanswered is the error of an abandoned attempt. It does not wrap the cause, a canceled context, because the SDK would not retry that.
type unanswered time.Duration

func (u unanswered) Error() string {
	return fmt.Sprintf("no response within %s", time.Duration(u))
}

// RetryableError tells the SDK's retryers to make another attempt.
func (unanswered) RetryableError() bool { return true }
