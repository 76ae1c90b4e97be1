package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// maxFrames is far more than a POST of Logplex has: at most 1,024. The log does not repeat a greater number.
const maxFrames = 100_000

// post handles a POST of Logplex. The response has no body. A successful POST is not logged: a log line would cost more than the POST itself.
func (h *Handler) post(ctx context.Context, r request) response {
	app := r.PathParameters[stack.RouteApp]
	if err := drain.ValidateApp(app); err != nil {
		h.log.WarnContext(ctx, ledger.PostRejected, "status", http.StatusBadRequest, "error", err)
		return response{StatusCode: http.StatusBadRequest}
	}
	status, err := h.ingester.Ingest(ctx, ingest.Request{
		App:             app,
		Authorization:   r.Headers["authorization"],
		ContentEncoding: r.Headers["content-encoding"],
		MsgCount:        r.Headers["logplex-msg-count"],
		FrameID:         r.Headers["logplex-frame-id"],
		DrainToken:      r.Headers["logplex-drain-token"],
		SenderRequestID: r.Headers["x-request-id"],
		RequestID:       r.RequestContext.RequestID,
		ReceivedAt:      time.UnixMilli(r.RequestContext.TimeEpoch),
		Body:            r.Body,
		IsBase64:        r.IsBase64Encoded,
	})
	if err != nil {
		level, message := slog.LevelWarn, ledger.PostRejected
		switch {
		case status >= http.StatusInternalServerError:
			level, message = slog.LevelError, ledger.PostFailed
		case status == http.StatusTooManyRequests:
			message = ledger.PostFailed
		}
		log := h.log.With("app", app, "status", status, "error", err, "request_id", r.RequestContext.RequestID)
		if n, err := strconv.Atoi(r.Headers["logplex-msg-count"]); err == nil && 0 < n && n <= maxFrames {
			log = log.With(ledger.LinesMember, n)
		}
		log.Log(ctx, level, message)
	}
	h.watcher.Refused(ctx, app, status)
	answer := response{StatusCode: status}
	if status == http.StatusUnauthorized {
		answer.Headers = map[string]string{"www-authenticate": `Basic realm="heroku-drains"`}
	}
	return answer
}
