package storage

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/envelope"
)

// space is the memory that a run works in, and after it another one.
type space struct {
	reader reader
	batch  batch
}

func newSpace(seed maphash.Seed) *space {
	return &space{reader: reader{seed: seed}, batch: batch{records: make(map[string]record)}}
}

// run is one invocation: some messages of a queue on their way to the app's log stream.
type run struct {
	*space
	app      string
	now      func() time.Time
	due      deadline
	writer   writer
	sender   sender
	stored   *memory
	lost     map[string]bool // the keys of messages whose put has failed: a copy that follows comes again with them
	failures []events.SQSBatchItemFailure
	summary  summary
	log      *slog.Logger
}

// store stores the messages, or notes them as failed.
func (r *run) store(ctx context.Context, messages []events.SQSMessage) {
	for i := range messages {
		if r.due.near(r.now()) {
			r.log.ErrorContext(ctx, "the function's time is nearly up: the last messages come again", "messages", len(messages)-i)
			r.failAll(messages[i:])
			break
		}
		r.message(ctx, &messages[i])
	}
	r.flush(ctx)
}

// message adds a message to the batch, which is put first when it has no room. A message that no call can carry gets several of its own.
func (r *run) message(ctx context.Context, m *events.SQSMessage) {
	env, err := envelope.Open(m.Body)
	if err == nil && env.App != r.app {
		err = fmt.Errorf("the message is for app %q", env.App)
	}
	if err != nil {
		r.log.ErrorContext(ctx, "message not readable: it goes to the dead letters unless it can be read when it comes again",
			"message_id", m.MessageId, "error", err)
		r.fail(m.MessageId)
		return
	}
	r.reader.read(env.Body)
	key := messageKey(env, m.MessageId, r.reader.sum)
	known, underWay := r.batch.records[key]
	if !underWay {
		known = r.stored.get(key)
	}
	if known.whole {
		r.summary.duplicates++
	}
	r.writer.write(&r.reader, env.ReceivedAt, known)
	if !r.batch.kept.plus(r.batch.tail).fits() {
		r.flush(ctx)
	}
	switch {
	case r.lost[key]:
		r.batch.dropTail()
		r.fail(m.MessageId)
	case r.batch.tail.events == 0 && !underWay:
		// Nothing in it has to be stored.
	case r.batch.tail.fits():
		r.batch.keep(m.MessageId, key, known.with(r.batch.tailEvents(), true))
	default:
		r.putLarge(ctx, m.MessageId, key, known)
	}
}

// flush puts the messages kept in the batch.
func (r *run) flush(ctx context.Context) {
	b := &r.batch
	ok := r.put(ctx, b.keptEvents(), len(b.messages))
	for key, rec := range b.records {
		if ok {
			r.stored.add(key, rec)
		} else {
			r.lose(key)
		}
	}
	for _, id := range b.messages {
		if !ok {
			r.fail(id)
		}
	}
	b.dropKept()
}

// putLarge puts the tail in several calls. When one fails the message has to come again, and the events of the others are remembered.
func (r *run) putLarge(ctx context.Context, messageID, key string, known record) {
	rest, ok := r.batch.tailEvents(), true
	sortEvents(rest)
	for len(rest) > 0 {
		n := fitting(rest)
		if r.put(ctx, rest[:n], 1) {
			known = known.with(rest[:n], false)
			r.stored.add(key, known)
		} else {
			ok = false
		}
		rest = rest[n:]
	}
	r.batch.dropTail()
	if ok {
		r.stored.add(key, known.with(nil, true))
		return
	}
	r.fail(messageID)
	r.lose(key)
}

// put puts some of the batch's events and reports whether they are stored. Why not is logged here, with names and counts alone.
func (r *run) put(ctx context.Context, events []event, messages int) bool {
	if len(events) == 0 {
		return true
	}
	log := r.log.With("log_group", r.sender.group, "log_stream", r.sender.stream, "messages", messages, "events", len(events))
	if r.due.near(r.now()) {
		log.ErrorContext(ctx, "the function's time is nearly up: events not put")
		return false
	}
	sortEvents(events)
	from, to, err := r.sender.put(ctx, r.batch.input(events))
	if err != nil {
		log.ErrorContext(ctx, "events not put", "error", err)
		return false
	}
	if rejected := len(events) - (to - from); rejected > 0 {
		log.WarnContext(ctx, "events rejected by CloudWatch Logs as too old or too new", "rejected", rejected)
		r.summary.rejected += rejected
	}
	r.summary.add(events[from:to], r.now())
	return true
}

func (r *run) fail(messageID string) {
	r.failures = append(r.failures, events.SQSBatchItemFailure{ItemIdentifier: messageID})
}

func (r *run) failAll(messages []events.SQSMessage) {
	for i := range messages {
		r.fail(messages[i].MessageId)
	}
}

func (r *run) lose(key string) {
	if r.lost == nil {
		r.lost = make(map[string]bool)
	}
	r.lost[key] = true
}
