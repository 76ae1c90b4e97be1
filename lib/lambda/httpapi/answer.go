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
)

// refusal is an answer other than 2xx, by the API itself.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// statuses are those of the drains' refusals.
var statuses = map[string]int{
	drain.InvalidAppName:       http.StatusBadRequest,
	drain.InvalidSettings:      http.StatusBadRequest,
	drain.InvalidNext:          http.StatusBadRequest,
	drain.NotFound:             http.StatusNotFound,
	drain.DrainBusy:            http.StatusConflict,
	drain.QueueDeletedRecently: http.StatusConflict,
}

func answer(status int, v any) (response, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return response{}, fmt.Errorf("write the answer: %w", err)
	}
	return response{StatusCode: status, Headers: map[string]string{"content-type": "application/json"}, Body: string(body)}, nil
}

// refuse answers an error. What the caller cannot mend is logged, and the caller gets no more of it than the id to find it by.
func (h *Handler) refuse(ctx context.Context, r request, err error) response {
	var (
		f       drain.ErrorAnswer
		pause   time.Duration
		status  = http.StatusInternalServerError
		ours    *refusal
		refused *drain.Error
	)
	f.Error.RequestID = r.RequestContext.RequestID
	switch {
	case errors.As(err, &ours):
		status, f.Error.Code, f.Error.Message = ours.status, ours.code, ours.message
	case errors.As(err, &refused) && statuses[refused.Code] != 0:
		status, f.Error.Code, f.Error.Message, pause = statuses[refused.Code], refused.Code, refused.Message, refused.RetryAfter
	default:
		h.log.ErrorContext(ctx, "request failed", "route", r.RouteKey, "app", r.PathParameters["app"], "error", err,
			"request_id", r.RequestContext.RequestID)
		f.Error.Code = drain.InternalError
		f.Error.Message = "internal error: try again; if it persists, look for the request ID in the log of the drains function"
	}
	refusal, err := answer(status, f)
	if err != nil {
		return response{StatusCode: http.StatusInternalServerError}
	}
	if pause > 0 {
		refusal.Headers["retry-after"] = strconv.Itoa(int(pause.Seconds()))
	}
	return refusal
}

// checkQuery turns down what this route does not know: a misspelt logs=keep must not delete logs.
func checkQuery(r request, names ...string) error {
	for _, name := range slices.Sorted(maps.Keys(r.QueryStringParameters)) {
		if slices.Contains(names, name) {
			continue
		}
		known := "this route has none"
		if len(names) > 0 {
			known = "this route has " + strings.Join(names, ", ")
		}
		return &refusal{
			status: http.StatusBadRequest, code: drain.InvalidQuery, message: fmt.Sprintf("unknown query parameter %q: %s", name, known),
		}
	}
	return nil
}
