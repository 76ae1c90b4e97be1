// Package storage stores the contents of a drain's queue as log events: an SQS batch becomes lines, lines become events (see logformat),
// and events become PutLogEvents calls. The answer is a partial batch response that names exactly the messages that are not stored.
//
// A call carries the lines of whole messages, so a failed call names the messages to deliver again, and no other line is stored twice. A call
// that CloudWatch Logs refuses because of an event is repeated in smaller ones, so that only that event is affected.
// Messages that come again although they are stored are recognized by Logplex's frame id, as far back as the function's memory reaches. A
// line may be stored twice if the function was killed or a response of CloudWatch Logs was lost, but no line is lost silently.
//
// The calls of an invocation follow one another. They are all for one log stream, because an invocation has the messages of one queue. CloudWatch Logs
// takes calls for a stream at the same time, but it orders events by milliseconds, and AWS does not say how it orders those of one millisecond from
// different calls: only calls that follow one another store them in their order. Calls without a common millisecond could run at the same time, but
// POSTs in a row often have one, that of the last line of the first and of the first line of the second. There would be little to gain, too: one call
// has room for ten POSTs of 100 KB in the text format, which is a whole batch, unless the drain's batch size is larger. Backlogs are stored in
// parallel nevertheless, by several invocations.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
package storage

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/payload"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// Config configures a Handler.
type Config struct {
	Retention time.Duration // of the log group; 0: its events never expire
	Names     drain.Names
	Logs      Logs
	Queues    Queues
	Alerts    Alerts // the zero value: lines are not matched
	Claims    Claims // nil: only what this process has stored is recognized
	LastTry   int    // the delivery of a message from which on it is stored even if it cannot be claimed
	Log       *slog.Logger
	Metrics   *metrics.Writer  // optional
	ByApp     stack.AppMetrics // which metrics to write for each app; empty: none
	Now       func() time.Time // default: time.Now
}

// Claims are the claims of all instances of the function: *claims.Table.
type Claims interface {
	Claim(ctx context.Context, m claims.Message, done func(claims.Stored) bool) (*claims.Claim, claims.Stored, error)
}

// Handler stores the messages of the drains' event source mappings. Between invocations it remembers the drains' settings and what it has
// stored. It is safe for concurrent use.
type Handler struct {
	cfg     Config
	queues  queues
	stored  *memory
	lost    *losses
	scratch sync.Pool // of *scratch
}

// New returns a Handler.
func New(cfg Config) *Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	h := &Handler{cfg: cfg, queues: queues{names: cfg.Names, match: cfg.Alerts.Matcher, known: make(map[string]*queue)}, stored: newMemory(), lost: newLosses()}
	h.scratch.New = func() any { return newScratch() }
	return h
}

// Invoke stores the messages of an event, as Handle does. It implements lambda.Handler. The event is read without encoding/json, which would take
// up to half of the time.
func (h *Handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	messages, err := payload.ReadMessages(event)
	if err != nil {
		h.cfg.Log.WarnContext(ctx, "the event is not as AWS documents it: reading it again, with encoding/json", "error", err)
		// Each call needs a Handler of its own, because Invoke returns memory that the next call of the same Handler writes to.
		return lambda.NewHandler(h.Handle).Invoke(ctx, event)
	}
	response, err := h.handle(ctx, messages)
	if err != nil {
		return nil, err
	}
	return json.Marshal(response)
}

// Handle stores the messages of one queue. Its response names those that SQS must deliver again: messages of a failed put, unreadable
// messages, and messages for which there was no time. For a queue that does not belong to a drain, it returns an error, and all messages are
// delivered again.
func (h *Handler) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	return h.handle(ctx, payload.Messages(event))
}

func (h *Handler) handle(ctx context.Context, messages []payload.Message) (events.SQSEventResponse, error) {
	if len(messages) == 0 {
		return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}, nil
	}
	q, err := h.queues.find(messages[0].Source)
	if err != nil {
		return events.SQSEventResponse{}, err
	}
	due := newDeadline(ctx, h.cfg.Now())
	working, cancel := due.context(ctx)
	defer cancel()
	if err := q.begin(working); err != nil {
		return events.SQSEventResponse{}, err
	}
	defer q.end()

	r := h.newRun(working, q, due)
	r.store(working, messages)
	r.settle(h.lost)
	r.summary.notSent = h.report(working, q, r)
	h.scratch.Put(r.scratch)
	r.summary.messages, r.summary.failed = len(messages), len(r.failures)
	r.log.LogAttrs(ctx, slog.LevelInfo, ledger.BatchDone, r.summary.attrs()...)
	if err := h.measure(q.app, r.summary); err != nil {
		r.log.WarnContext(ctx, "metrics not written", "error", err)
	}
	return events.SQSEventResponse{BatchItemFailures: r.failures}, nil
}

func (h *Handler) newRun(ctx context.Context, q *queue, due deadline) *run {
	log := h.cfg.Log.With("app", q.app)
	settings, err := h.settings(ctx, q)
	if err != nil {
		log.WarnContext(ctx, "drain settings unavailable: using the last known or default settings", "error", err)
	}
	r := &run{scratch: h.scratch.Get().(*scratch), app: q.app, now: h.cfg.Now, due: due, stored: h.stored, log: log}
	if r.claims = h.cfg.Claims; r.claims != nil {
		r.claimed, r.lastTry = make(map[identity]*claims.Claim), h.cfg.LastTry
	}
	r.failures = []events.SQSBatchItemFailure{} // an empty list in the response, not null
	r.sender = sender{logs: h.cfg.Logs, group: h.cfg.Names.LogGroup, stream: h.cfg.Names.Stream(q.app)}
	r.sender.deleted = func(ctx context.Context) bool { return h.deleted(ctx, q) }
	r.writer = writer{
		format: newFormat(settings), ansi: ansi(settings), window: newWindow(h.cfg.Now(), h.cfg.Retention),
		matching: matching{matcher: q.matcher, log: log}, batch: &r.batch,
		tells: h.byApp(),
	}
	return r
}
