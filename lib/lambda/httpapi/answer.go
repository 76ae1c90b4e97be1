package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// refusal is an error that the API itself answers a request with.
type refusal struct {
	status        int
	code, message string
}

// Error returns the code and the message.
func (r *refusal) Error() string { return r.code + ": " + r.message }

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

// answer returns v as JSON.
func answer(status int, v any) (response, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return response{}, fmt.Errorf("write the answer: %w", err)
	}
	return response{StatusCode: status, Headers: map[string]string{"content-type": "application/json"}, Body: string(body)}, nil
}

// refuse returns the response for an error. An error that the caller cannot fix is logged, and the response contains only the request ID to
// find it by.
func (h *Handler) refuse(ctx context.Context, r request, err error) response {
	status, detail, retryAfter := explain(err)
	if status == http.StatusInternalServerError {
		h.log.ErrorContext(ctx, "request failed", "route", r.RouteKey, "app", r.PathParameters[stack.RouteApp], "error", err,
			"request_id", r.RequestContext.RequestID)
	}
	detail.RequestID = r.RequestContext.RequestID
	refused, err := answer(status, drain.ErrorResponse{Error: detail})
	if err != nil {
		return response{StatusCode: http.StatusInternalServerError}
	}
	if retryAfter > 0 {
		refused.Headers["retry-after"] = strconv.Itoa(int(retryAfter.Seconds()))
	}
	return refused
}

// explain returns the status and the error for the caller, and the time after which the same request may succeed, or 0.
func explain(err error) (status int, detail drain.ErrorDetail, retryAfter time.Duration) {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.status, drain.ErrorDetail{Code: r.code, Message: r.message}, 0
	}
	if e, ok := errors.AsType[*drain.Error](err); ok && statuses[e.Code] != 0 {
		return statuses[e.Code], drain.ErrorDetail{Code: e.Code, Message: e.Message}, e.RetryAfter
	}
	return http.StatusInternalServerError, drain.ErrorDetail{
		Code:    drain.InternalError,
		Message: "internal error: try again; if it persists, look for the request ID in the log of the drains function",
	}, 0
}

// checkQuery rejects query parameters that the route does not have: a misspelled logs=keep must not delete logs.
func checkQuery(r request, names ...string) error {
	for _, name := range slices.Sorted(maps.Keys(r.QueryStringParameters)) {
		if slices.Contains(names, name) {
			continue
		}
		known := "this route takes none"
		if len(names) > 0 {
			known = "this route takes " + strings.Join(names, ", ")
		}
		return &refusal{
			status: http.StatusBadRequest, code: drain.InvalidQuery, message: fmt.Sprintf("unknown query parameter %q: %s", name, known),
		}
	}
	return nil
}
