package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
)

// Alerts says how lines are matched against the alert rules, and where what matched is sent.
type Alerts struct {
	Matcher  func(app string) Matcher // returns a new one; nil: lines are not matched
	QueueURL string
	Queue    Reports
}

// Matcher is an alert.Matcher.
type Matcher interface {
	Begin(identity, token string)
	Line(*logformat.Line) alert.Verdict
	Matched() int
	Report() *alert.Report
}

// Reports is the part of SQS that receives what lines matched.
type Reports interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// reportWait limits how long a batch waits until its report is sent. The lines are stored by then.
const reportWait = 3 * time.Second

// matching matches the lines of a run.
type matching struct {
	matcher Matcher // nil: lines are not matched
	failed  bool
	log     *slog.Logger
}

func (m *matching) on() bool { return m.matcher != nil && !m.failed }

// begin starts a message.
func (m *matching) begin(identity, token string) {
	if m.on() {
		m.matcher.Begin(identity, token)
	}
}

// line matches a line. If that panics, which it never should, the lines are stored nevertheless, and those of the run that follow are not
// matched.
func (m *matching) line(l *logformat.Line) (verdict alert.Verdict) {
	if !m.on() {
		return alert.Store
	}
	defer func() {
		if cause := recover(); cause != nil {
			m.failed, verdict = true, alert.Store
			m.log.Error("matching failed: the lines of this batch raise no alerts", "cause", fmt.Sprintf("%T", cause))
		}
	}()
	return m.matcher.Line(l)
}

// report sends what the lines of a run matched, and returns 1 if that failed. Most runs send nothing or one message.
func (h *Handler) report(ctx context.Context, q *queue, r *run) (failed int) {
	m := &r.writer.matching
	if m.failed {
		q.matcher = h.cfg.Alerts.Matcher(q.app)
		return 1
	}
	if !m.on() {
		return 0
	}
	r.summary.matched = m.matcher.Matched()
	ctx, cancel := context.WithTimeout(ctx, reportWait)
	defer cancel()
	for report := m.matcher.Report(); report != nil; report = m.matcher.Report() {
		if failed > 0 {
			continue // the queue is not available; the matcher must be empty for the next run
		}
		if err := h.send(ctx, report); err != nil {
			r.log.ErrorContext(ctx, "what lines matched could not be sent to the alerts queue: alerts may be missing", "error", err)
			failed = 1
		}
	}
	return failed
}

// send sends a report to the alerts queue.
func (h *Handler) send(ctx context.Context, report *alert.Report) error {
	text, err := json.Marshal(alert.Message{Report: report})
	if err != nil {
		return fmt.Errorf("encode a report: %w", err)
	}
	body := string(text)
	if _, err := h.cfg.Alerts.Queue.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &h.cfg.Alerts.QueueURL, MessageBody: &body}); err != nil {
		return fmt.Errorf("send a report to queue %s: %w", h.cfg.Alerts.QueueURL, err)
	}
	return nil
}
