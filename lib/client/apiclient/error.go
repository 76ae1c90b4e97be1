package apiclient

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
)

// Error is a refusal by the API, by the gateway before it, or by something else that answers in its place.
type Error struct {
	Status     int
	Foreign    bool   // no drains API answers so
	Code       string // such as InvalidSettings (see lib/drain); empty when the gateway itself answered
	Message    string
	RequestID  string        // what to look for in the function's logs
	RetryAfter time.Duration // the same call is worth another try after this time; zero: it is not
}

// Error returns the message: of the API, or with the HTTP status of what answered in its place. A failure that only the function's log explains
// has the request ID to find it by. The code is for programs.
func (e *Error) Error() string {
	switch {
	case e.Foreign:
		return fmt.Sprintf("what answers is not a drains API (HTTP %d: %s)", e.Status, e.Message)
	case e.Code == "":
		return fmt.Sprintf("HTTP %d: %s", e.Status, e.Message)
	case e.Status >= http.StatusInternalServerError && e.RequestID != "":
		return fmt.Sprintf("%s (request ID %s)", e.Message, e.RequestID)
	}
	return e.Message
}

// newError reads the API's error, or API Gateway's own {"message":"Forbidden"}.
func newError(resp *http.Response, answer []byte) *Error {
	var body struct {
		drain.ErrorAnswer
		Message string `json:"message"` // API Gateway's own
	}
	e := &Error{Status: resp.StatusCode, Message: http.StatusText(resp.StatusCode)}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		e.RetryAfter = time.Duration(n) * time.Second
	}
	err := json.Unmarshal(answer, &body)
	switch {
	case err == nil && body.Error.Message != "":
		e.Code, e.Message, e.RequestID = body.Error.Code, body.Error.Message, body.Error.RequestID
	case err == nil && body.Message != "":
		e.Message = body.Message
		e.Foreign = e.Status == http.StatusNotFound // a gateway has no such route; the drains API's own 404 have a code
	default:
		e.Foreign = true
	}
	return e
}
