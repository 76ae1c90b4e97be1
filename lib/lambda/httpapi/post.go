package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/stack"
)

// post handles a POST of Logplex. The response has no body. A successful POST is not logged: a log line would cost more than the POST itself.
func (h *Handler) post(ctx context.Context, r request) response {
	app := r.PathParameters[stack.RouteApp]
	if err := drain.ValidateApp(app); err != nil {
		h.log.WarnContext(ctx, "POST rejected", "status", http.StatusBadRequest, "error", err)
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
		level, message := slog.LevelWarn, "POST rejected"
		if status >= http.StatusInternalServerError {
			level, message = slog.LevelError, "POST failed"
		}
		h.log.Log(ctx, level, message, "app", app, "status", status, "error", err, "request_id", r.RequestContext.RequestID)
	}
	h.watcher.Refused(ctx, app, status)
	answer := response{StatusCode: status}
	if status == http.StatusUnauthorized {
		answer.Headers = map[string]string{"www-authenticate": `Basic realm="heroku-drains"`}
	}
	return answer
}
