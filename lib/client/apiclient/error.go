package apiclient

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
)

// Error is an answer other than success: of the API, of the gateway in front of it, or of something else that answers in its place.
type Error struct {
	Status     int
	Foreign    bool   // it does not come from a drains API
	Code       string // such as drain.InvalidSettings; empty if the gateway itself answered
	Message    string
	RequestID  string        // find it in the log of the drains function
	RetryAfter time.Duration // the same call may succeed after this time; 0: it will not
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

// newError decodes an error of the API, or API Gateway's own {"message":"Forbidden"}.
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
		e.Foreign = e.Status == http.StatusNotFound // the gateway has no such route: the drains API's own 404s have a code
	default:
		e.Foreign = true
	}
	return e
}
