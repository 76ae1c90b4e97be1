package heroku

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The failures that a caller tells apart with errors.Is; their text says what to do. Those that the API
// tells come as an *Error.
var (
	// ErrNoKey: neither HEROKU_API_KEY nor .netrc has a key. Since July 2026 `heroku login` writes it to the system's keychain and to
	// .netrc only where there is none: https://github.com/heroku/heroku-cli-command/releases (command v13.0.0).
	ErrNoKey = errors.New("there is no Heroku API key: run `heroku login`, then `export HEROKU_API_KEY=$(heroku auth:token)`")
	// ErrUnauthorized: the key is no good.
	ErrUnauthorized = errors.New("the Heroku API key is wrong or has expired: run `heroku login`, " +
		"then `export HEROKU_API_KEY=$(heroku auth:token)`")
	// ErrForbidden: the key is good, but not for this.
	ErrForbidden = errors.New("this Heroku account may not do that, or it takes a second factor, which cannot be given here: " +
		"ask the app's owner for access, or do it with the Heroku CLI")
	// ErrNotFound: Heroku says the same of an app that does not exist and of one that the account must not see.
	ErrNotFound = errors.New("there is no such app or team, or this Heroku account has no access to it: `heroku apps --all` lists its apps")
	// ErrDrainExists: the app has a drain with that very URL.
	ErrDrainExists = errors.New("the app has a log drain with this URL already: `heroku drains` lists it")
	// ErrDrainLimit: an app has at most five drains (https://github.com/heroku/logplex/pull/230).
	ErrDrainLimit = errors.New("the app has as many log drains as Heroku allows, those of add-ons included: " +
		"remove one with `heroku drains:remove`")
	// ErrNoLogDrains: https://devcenter.heroku.com/articles/log-drains has them for the Cedar generation only.
	ErrNoLogDrains = errors.New("apps of the Fir generation have telemetry drains instead of log drains: " +
		"see https://devcenter.heroku.com/articles/heroku-telemetry")
	// ErrNotReady: an app that was made seconds ago has no log channel that a drain could read.
	ErrNotReady = errors.New("the app is too new to have log drains: try again in a minute")
	// ErrRateLimited: see Error.RetryAfter.
	// https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	ErrRateLimited = errors.New("the Heroku account has used up its 4,500 API requests an hour: try again in a few minutes")
	// ErrUnavailable: no answer, or a 5xx. Whether the request was carried out is not known.
	ErrUnavailable = errors.New("there is no usable answer from Heroku: check the network and https://status.heroku.com, then try again")
)

// Error is a refusal by Heroku's Platform API, or its silence. It holds neither the key nor a drain URL's password.
type Error struct {
	Kind       error         // one of the Err… above; nil: none fits
	Status     int           // HTTP status; 0: there was no answer
	ID         string        // Heroku's name for it, such as invalid_params
	Message    string        // Heroku's words
	RequestID  string        // what Heroku's support asks for
	RetryAfter time.Duration // when Heroku says so
	cause      error         // why there was no answer
}

// Error is what to do, then what Heroku said, and the request's id where only Heroku can find out more.
func (e *Error) Error() string {
	text := e.Message
	switch {
	case e.cause != nil:
		text = maskText(e.cause.Error()) // it may quote the URL of a proxy
	case text == "":
		text = http.StatusText(e.Status)
	}
	if e.Status != 0 {
		text = fmt.Sprintf("HTTP %d: %s", e.Status, text)
	}
	if e.Status >= http.StatusInternalServerError && e.RequestID != "" {
		text += ", request id " + e.RequestID
	}
	if e.Kind == nil {
		return "the request was refused: " + text
	}
	return fmt.Sprintf("%v (%s)", e.Kind, text)
}

// Unwrap gives errors.Is the kind, and the cause of a silence.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.cause} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}
