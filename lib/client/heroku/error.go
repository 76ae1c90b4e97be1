package heroku

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/client/reach"
)

// Errors that callers distinguish with errors.Is. Their texts say what to do. Those that the API returns are wrapped in an *Error.
var (
	// ErrNoKey means that neither HEROKU_API_KEY nor .netrc nor the Heroku CLI has a key. Since July 2026, `heroku login` writes the key to the
	// system's keychain, and to .netrc only if there is no keychain: https://github.com/heroku/heroku-cli-command/releases (command v13.0.0).
	ErrNoKey = errors.New("no Heroku API key found: run `heroku login`, or set HEROKU_API_KEY")
	// ErrUnauthorized means that the key is invalid.
	ErrUnauthorized = errors.New("the Heroku API key is invalid or has expired: run `heroku login`, " +
		"then `export HEROKU_API_KEY=$(heroku auth:token)`")
	// ErrForbidden means that the key is valid, but not for this request.
	ErrForbidden = errors.New("this Heroku account lacks permission, or needs a second factor, which this program cannot supply: " +
		"ask the app's owner for access, or use the Heroku CLI")
	// ErrNotFound means that the app or team does not exist, or that the account has no access to it: Heroku does not distinguish these.
	ErrNotFound = errors.New("no such app or team, or this Heroku account has no access to it: `heroku apps --all` lists its apps")
	// ErrDrainExists means that the app has a drain with the same URL.
	ErrDrainExists = errors.New("the app already has a log drain with this URL: `heroku drains` lists it")
	// ErrDrainLimit means that the app has the maximum number of drains, which is five (https://github.com/heroku/logplex/pull/230).
	ErrDrainLimit = errors.New("the app has reached Heroku's limit of log drains, which includes those of add-ons: " +
		"remove one with `heroku drains:remove`")
	// ErrNoLogDrains means that the app is of the Fir generation: only Cedar has https://devcenter.heroku.com/articles/log-drains.
	ErrNoLogDrains = errors.New("apps of the Fir generation have telemetry drains instead of log drains: " +
		"see https://devcenter.heroku.com/articles/heroku-telemetry")
	// ErrNotReady means that the app was created seconds ago and does not have a log channel yet.
	ErrNotReady = errors.New("the app is too new to have log drains: try again in a minute")
	// ErrRateLimited means that the account has no API requests left; see Error.RetryAfter.
	// https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	ErrRateLimited = errors.New("the Heroku account has used up its API requests (4,500 per hour): try again in a few minutes")
	// ErrUnavailable means that there was no response, or a 5xx. Heroku may or may not have carried out the request.
	ErrUnavailable = errors.New("no usable response from Heroku: check the network and https://status.heroku.com, then try again")
)

// Error is an error response of Heroku's Platform API, or the lack of a response. It contains neither the key nor the password of a drain URL.
type Error struct {
	Kind       error         // one of the errors above, or nil
	Status     int           // HTTP status; 0 if there was no response
	ID         string        // Heroku's error id, such as invalid_params
	Message    string        // Heroku's message
	RequestID  string        // for Heroku's support
	RetryAfter time.Duration // 0 if Heroku did not send it
	cause      error         // why there was no response
}

// Error returns what to do, followed by Heroku's message and, if the fault is Heroku's, the request id.
func (e *Error) Error() string {
	text := e.Message
	switch unreachable, ok := reach.Find(e.cause); {
	case ok:
		return unreachableText(unreachable)
	case e.cause != nil:
		text = maskText(e.cause.Error()) // it may contain the URL of a proxy
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
		return "Heroku rejected the request: " + text
	}
	return fmt.Sprintf("%v (%s)", e.Kind, text)
}

// unreachableText says that Heroku cannot be reached, and what to check.
func unreachableText(e *reach.Error) string {
	check := "check the network and https://status.heroku.com"
	switch {
	case e.Proxy:
		return fmt.Sprintf("cannot reach Heroku through the proxy %s: %s; check HTTPS_PROXY", e.Host, e.Reason())
	case e.Host != defaultHost:
		check = "check HEROKU_API_URL"
	}
	return fmt.Sprintf("cannot reach Heroku at %s: %s; %s", e.Host, e.Reason(), check)
}

// Unwrap returns the kind, and the cause if there was no response.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.cause} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}
