package connect

import (
	"context"
	"errors"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
)

// Failure is why something did not get through, and what there is now.
type Failure struct {
	Err  error
	Left string // what is left on both sides, and how to go on; without a password
}

// Error is the error, then what is left.
func (f *Failure) Error() string { return f.Err.Error() + "; " + f.Left }

// Unwrap is the error.
func (f *Failure) Unwrap() error { return f.Err }

// because is err, or the end of ctx where that is behind it.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// refusal is the API's answer behind an error; nil: it did not answer.
func refusal(err error) *apiclient.Error {
	var refused *apiclient.Error
	errors.As(err, &refused)
	return refused
}

// IsNotFound tells whether the API says that there is no AWS side.
func IsNotFound(err error) bool {
	refused := refusal(err)
	return refused != nil && refused.Code == drain.NotFound
}
