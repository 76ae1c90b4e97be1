// Package deadline keeps the reason of a failure when time runs out. A call that is repeated until its context ends would otherwise say "not
// done within 3m0s", and never that the other side answered 503 throughout.
package deadline

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// Error is the end of a call whose context ended while the call was being retried.
type Error struct {
	Cause error // why the context ended
	Last  error // the last answer before that
}

// Error returns the cause and the last answer.
func (e *Error) Error() string { return fmt.Sprintf("%v: %v", e.Cause, e.Last) }

// Unwrap returns the cause alone. The last answer is not what the call ended with: a later attempt may have succeeded unseen.
func (e *Error) Unwrap() error { return e.Cause }

// With returns the error of an attempt that its context ended, with the last answer of the attempts before it; nil: there was none.
func With(err, last error) error {
	if last == nil {
		return err
	}
	return &Error{Cause: err, Last: last}
}

// CauseOr returns the error of a call with ctx. If ctx has ended, it returns the cause of that, with what the other side answered last if the
// error tells. If ctx has not ended, it returns err. For no error it returns nil, even if ctx has ended since.
func CauseOr(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	cause := context.Cause(ctx)
	if ended, ok := errors.AsType[*Error](err); ok {
		return &Error{Cause: cause, Last: ended.Last}
	}
	if answer, ok := errors.AsType[smithy.APIError](err); ok {
		return &Error{Cause: cause, Last: answer}
	}
	if errors.Is(err, cause) || errors.Is(err, ctx.Err()) {
		return cause
	}
	return &Error{Cause: cause, Last: err}
}

// End returns why ctx, which has ended, ended: like CauseOr, but never nil.
func End(ctx context.Context, err error) error {
	if err == nil {
		return context.Cause(ctx)
	}
	return CauseOr(ctx, err)
}
