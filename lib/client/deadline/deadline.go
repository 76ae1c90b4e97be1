// Package deadline keeps the cause of a failure when time runs out. The error of a call that is repeated until its context ends would
// otherwise say "not done within 3m0s", and never that the server returned 503 throughout.
package deadline

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// Error is the error of a call whose context ended while the call was being retried.
type Error struct {
	Cause error // why the context ended
	Last  error // the last error before that
}

// Error returns the cause and the last error.
func (e *Error) Error() string { return fmt.Sprintf("%v: %v", e.Cause, e.Last) }

// Unwrap returns the cause alone. The call did not end with the last error: a later attempt may have succeeded unseen.
func (e *Error) Unwrap() error { return e.Cause }

// With adds the last error of the attempts before it, if any, to the error of an attempt that ended with its context.
func With(err, last error) error {
	if last == nil {
		return err
	}
	return &Error{Cause: err, Last: last}
}

// CauseOr returns the error to report for a call with ctx that returned err. If ctx has ended, that is the cause of ctx's end, with the last
// error before it if err has one; otherwise it is err. If err is nil, CauseOr returns nil, even if ctx has ended since.
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

// End returns why ctx ended, like CauseOr, but never returns nil. ctx must have ended.
func End(ctx context.Context, err error) error {
	if err == nil {
		return context.Cause(ctx)
	}
	return CauseOr(ctx, err)
}
