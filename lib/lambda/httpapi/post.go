package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/lambda/payload"
	"heroku-drains/lib/ledger"
)

// maxFrames is far more than a POST of Logplex has: at most 1,024. The log does not repeat a greater number.
const maxFrames = 100_000

// post handles a POST of Logplex. The response has no body. A successful POST is not logged: a log line would cost more than the POST itself.
func (h *Handler) post(ctx context.Context, p payload.Post) response {
	app := p.App
	if err := drain.ValidateApp(app); err != nil {
		h.log.WarnContext(ctx, ledger.PostRejected, "status", http.StatusBadRequest, "error", err)
		return response{StatusCode: http.StatusBadRequest}
	}
	status, err := h.ingester.Ingest(ctx, ingest.Request{
		App:             app,
		Authorization:   p.Headers[payload.Authorization],
		ContentEncoding: p.Headers[payload.ContentEncoding],
		MsgCount:        p.Headers[payload.MsgCount],
		FrameID:         p.Headers[payload.FrameID],
		DrainToken:      p.Headers[payload.DrainToken],
		SenderRequestID: p.Headers[payload.SenderRequestID],
		RequestID:       p.RequestID,
		ReceivedAt:      time.UnixMilli(p.Time),
		Body:            p.Body,
		IsBase64:        p.IsBase64,
	})
	if err != nil {
		level, message := slog.LevelWarn, ledger.PostRejected
		switch {
		case status >= http.StatusInternalServerError:
			level, message = slog.LevelError, ledger.PostFailed
		case status == http.StatusTooManyRequests:
			message = ledger.PostFailed
		}
		log := h.log.With("app", app, "status", status, "error", err, "request_id", p.RequestID)
		if n, err := strconv.Atoi(p.Headers[payload.MsgCount]); err == nil && 0 < n && n <= maxFrames {
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
