package apiclient

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
)

// Error is an error response: of the API, of the gateway in front of it, or of another server at its address.
type Error struct {
	Status     int
	Method     string // of the request
	Path       string // of the request, without a slash in front
	Foreign    bool   // it does not come from a drains API
	Code       string // such as drain.InvalidSettings; empty if the gateway itself answered
	Message    string
	RequestID  string        // identifies the request in the log of the drains function
	RetryAfter time.Duration // the same call may succeed after this time; 0: it will not
}

// Error returns the API's message, or a text with the HTTP status if the response is not from the API. If only the function's log explains the
// failure, the text includes the request ID. It never includes the code, which is for programs.
func (e *Error) Error() string {
	switch {
	case e.Foreign:
		return fmt.Sprintf("the server at this address is not a drains API (HTTP %d: %s)", e.Status, e.Message)
	case e.Code == "":
		return fmt.Sprintf("HTTP %d: %s", e.Status, e.Message)
	case e.Status >= http.StatusInternalServerError && e.RequestID != "":
		return fmt.Sprintf("%s (request ID %s)", e.Message, e.RequestID)
	}
	return e.Message
}

// newError decodes an error response of the API, or of API Gateway itself: {"message":"Forbidden"}.
func newError(resp *http.Response, answer []byte) *Error {
	var body struct {
		drain.ErrorResponse
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
		e.Foreign = e.Status == http.StatusNotFound // the gateway has no such route: 404s of the drains API have a code
	default:
		e.Foreign = true
	}
	return e
}
