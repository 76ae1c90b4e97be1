package connect

import (
	"errors"
	"net/http"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// Failure is an error of Put or Delete, together with what exists now.
type Failure struct {
	Err  error
	Left string // what is left on both sides, and how to continue; it holds no password
}

// Error returns the error, and what is left.
func (f *Failure) Error() string { return f.Err.Error() + "; " + f.Left }

// Unwrap returns the error without what is left.
func (f *Failure) Unwrap() error { return f.Err }

// refusal returns the API's error response in an error, or nil if there is none.
func refusal(err error) *apiclient.Error {
	refused, _ := errors.AsType[*apiclient.Error](err)
	return refused
}

// IsNotFound reports whether an error means that the app has no drain.
func IsNotFound(err error) bool {
	refused := refusal(err)
	return refused != nil && refused.Code == drain.NotFound
}

// isReplaced reports whether an error means that the app's drain is not the one to delete.
func isReplaced(err error) bool {
	refused := refusal(err)
	return refused != nil && refused.Code == drain.DrainReplaced
}

// rejected reports whether the API or Heroku clearly refused a request, so that nothing was done. A 409 of the API does not count: it may come
// after the first of several steps.
func rejected(err error) bool {
	if byHeroku, ok := errors.AsType[*heroku.Error](err); ok {
		return byHeroku.Status >= http.StatusBadRequest && byHeroku.Status < http.StatusInternalServerError
	}
	refused := refusal(err)
	return refused != nil && refused.Status < http.StatusInternalServerError && refused.Status != http.StatusConflict
}
