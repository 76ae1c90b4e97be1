package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// Refusal is an error that the API itself answers a request with.
type Refusal struct {
	Status  int // of HTTP
	Code    string
	Message string // says what to change
}

// Error returns the code and the message.
func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

// NoSuchRoute is the refusal of a request whose route the function does not have.
func NoSuchRoute(r Request) error {
	return &Refusal{Status: http.StatusNotFound, Code: drain.NoSuchRoute, Message: "no such route: " + r.RouteKey}
}

// statuses are the HTTP statuses of a drain.Error, by its code.
var statuses = map[string]int{
	drain.InvalidAppName:       http.StatusBadRequest,
	drain.InvalidSettings:      http.StatusBadRequest,
	drain.InvalidNext:          http.StatusBadRequest,
	drain.NotFound:             http.StatusNotFound,
	drain.DrainBusy:            http.StatusConflict,
	drain.DrainReplaced:        http.StatusConflict,
	drain.QueueDeletedRecently: http.StatusConflict,
	drain.QueueNotOurs:         http.StatusConflict,
}

// Answer returns v as JSON.
func Answer(status int, v any) (Response, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Response{}, fmt.Errorf("write the answer: %w", err)
	}
	return Response{StatusCode: status, Headers: map[string]string{"content-type": "application/json"}, Body: string(body)}, nil
}

// Refuser writes the responses for errors of one function.
type Refuser struct {
	Function string // such as "drains function", for people who look for its log
	Log      *slog.Logger
}

// Refuse returns the response for an error: that of a Refusal or a drain.Error. An error that the caller cannot fix is logged, and the response
// contains only the request ID to find it by.
func (f Refuser) Refuse(ctx context.Context, r Request, err error) Response {
	status, detail, retryAfter := f.explain(err)
	if status == http.StatusInternalServerError {
		f.Log.ErrorContext(ctx, "request failed", "route", r.RouteKey, "app", r.PathParameters[stack.RouteApp], "error", err,
			"request_id", r.RequestContext.RequestID)
	}
	detail.RequestID = r.RequestContext.RequestID
	refused, err := Answer(status, drain.ErrorResponse{Error: detail})
	if err != nil {
		return Response{StatusCode: http.StatusInternalServerError}
	}
	if retryAfter > 0 {
		refused.Headers["retry-after"] = strconv.Itoa(int(retryAfter.Seconds()))
	}
	return refused
}

// explain returns the status and the error for the caller, and the time after which the same request may succeed, or 0.
func (f Refuser) explain(err error) (status int, detail drain.ErrorDetail, retryAfter time.Duration) {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Status, drain.ErrorDetail{Code: r.Code, Message: r.Message}, 0
	}
	if e, ok := errors.AsType[*drain.Error](err); ok && statuses[e.Code] != 0 {
		return statuses[e.Code], drain.ErrorDetail{Code: e.Code, Message: e.Message}, e.RetryAfter
	}
	return http.StatusInternalServerError, drain.ErrorDetail{
		Code:    drain.InternalError,
		Message: "internal error: try again; if it persists, look for the request ID in the log of the " + f.Function,
	}, 0
}
