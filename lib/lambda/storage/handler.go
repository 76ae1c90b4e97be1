// Package storage stores the contents of a drain's queue as log events: an SQS batch becomes lines, lines become events (see logformat), and
// events become PutLogEvents calls. The answer is a partial batch response that names exactly the messages that are not stored.
//
// A call carries the lines of whole messages, so a failed call names the messages to deliver again, and no other line is stored twice. Messages
// that come again although they are stored are recognized by Logplex's frame id, as far back as the function's memory reaches. A line may be
// stored twice if the function was killed or a response of CloudWatch Logs was lost, but no line is lost silently.
package storage

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
)

// Config is what a Handler works with.
type Config struct {
	Retention time.Duration // after which the log group's events expire; 0: never
	Names     drain.Names
	Logs      Logs
	Queues    Queues
	Log       *slog.Logger
	Metrics   *metrics.Writer  // nil: none are written
	Now       func() time.Time // nil: time.Now
}

// Handler stores what the drains' event source mappings hand over. From one invocation to the next it remembers the drains' settings and
// what it has stored. It may be called from several goroutines at once.
type Handler struct {
	cfg    Config
	queues queues
	stored *memory
	spaces sync.Pool // of *space
}

// New makes a Handler.
func New(cfg Config) *Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	h := &Handler{cfg: cfg, queues: queues{names: cfg.Names, known: make(map[string]*queue)}, stored: newMemory()}
	seed := maphash.MakeSeed()
	h.spaces.New = func() any { return newSpace(seed) }
	return h
}

// Handle stores the messages of one queue and names those that have to come again: the messages of a put that failed, those that cannot be
// read, and those that there was no time for. It fails as a whole, so that all come again, for a queue that is not a drain's.
func (h *Handler) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	if len(event.Records) == 0 {
		return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}, nil
	}
	q, err := h.queues.find(event.Records[0].EventSourceARN)
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
	r.store(working, event.Records)
	h.spaces.Put(r.space)
	r.summary.messages, r.summary.failed = len(event.Records), len(r.failures)
	r.log.LogAttrs(ctx, slog.LevelInfo, "batch done", r.summary.attrs()...)
	if h.cfg.Metrics != nil {
		if err := h.cfg.Metrics.Write(h.cfg.Now(), r.summary.batch()); err != nil {
			r.log.WarnContext(ctx, "the batch is missing in the metrics", "error", err)
		}
	}
	return events.SQSEventResponse{BatchItemFailures: r.failures}, nil
}

func (h *Handler) newRun(ctx context.Context, q *queue, due deadline) *run {
	log := h.cfg.Log.With("app", q.app)
	settings, err := h.settings(ctx, q)
	if err != nil {
		log.WarnContext(ctx, "a drain's settings are not to be had: its last known ones, or else the defaults, are used", "error", err)
	}
	r := &run{space: h.spaces.Get().(*space), app: q.app, now: h.cfg.Now, due: due, stored: h.stored, log: log}
	r.failures = []events.SQSBatchItemFailure{} // an empty list in the answer, rather than null
	r.sender = sender{logs: h.cfg.Logs, group: h.cfg.Names.LogGroup, stream: h.cfg.Names.Stream(q.app)}
	r.writer = writer{
		format: newFormat(settings, q.app), ansi: ansi(settings), window: newWindow(h.cfg.Now(), h.cfg.Retention),
		batch: &r.batch, summary: &r.summary,
	}
	return r
}
