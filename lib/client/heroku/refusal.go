package heroku

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Heroku documents its statuses and ids (https://devcenter.heroku.com/articles/platform-api-reference#error-responses), but not how it
// rejects a drain, so these recognize words in the message. Logplex itself used to answer "already exists" and "maximum number of drains
// reached" (its logplex_api_v3_drains.erl); the API's validations say "has already been taken".
var (
	takenWords   = regexp.MustCompile(`(?i)\b(already|taken|exists)\b`)
	limitWords   = regexp.MustCompile(`(?i)\b(limit|maximum|too many)\b`)
	firWords     = regexp.MustCompile(`(?i)\bfir\b`)
	channelWords = regexp.MustCompile(`(?i)\blog channel\b`)
)

// newError returns the error in a response.
func newError(method string, resp *http.Response, body []byte) *Error {
	e := &Error{Status: resp.StatusCode, RequestID: resp.Header.Get("Request-Id")}
	var document struct {
		ID      string `json:"id"`
		Message string `json:"message"`
	}
	// A body that is not JSON is from a proxy; the status remains.
	if json.Unmarshal(body, &document) == nil {
		e.ID, e.Message = document.ID, maskText(strings.Join(strings.Fields(document.Message), " ")) // some have several lines
	}
	if seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31); err == nil {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	e.Kind = kindOf(method, e)
	return e
}

func kindOf(method string, e *Error) error {
	switch {
	case e.Status == http.StatusUnauthorized:
		return ErrUnauthorized
	case e.Status == http.StatusTooManyRequests:
		return ErrRateLimited
	case e.Status >= http.StatusInternalServerError:
		return ErrUnavailable
	// The only thing posted is a drain, and the message about it is more specific than the status.
	case method == http.MethodPost && firWords.MatchString(e.Message):
		return ErrNoLogDrains
	case method == http.MethodPost && channelWords.MatchString(e.Message):
		return ErrNotReady
	case e.Status == http.StatusForbidden:
		return ErrForbidden
	case e.Status == http.StatusNotFound:
		return ErrNotFound
	case method == http.MethodPost && limitWords.MatchString(e.Message):
		return ErrDrainLimit
	case method == http.MethodPost && (e.Status == http.StatusConflict || takenWords.MatchString(e.Message)):
		return ErrDrainExists
	}
	return nil
}
