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

// scratch is the memory that a run works in. A later run uses it again.
type scratch struct {
	reader reader
	batch  batch
}

func newScratch(seed maphash.Seed) *scratch {
	return &scratch{reader: reader{seed: seed}, batch: batch{records: make(map[string]record)}}
}

// run is one invocation: it stores messages of a queue in the app's log stream.
type run struct {
	*scratch
	app      string
	now      func() time.Time
	due      deadline
	writer   writer
	sender   sender
	stored   *memory
	lost     map[string]bool // the keys of messages whose put failed: later copies of them fail too
	failures []events.SQSBatchItemFailure
	summary  summary
	log      *slog.Logger
}

// store stores the messages, or adds them to the failures.
func (r *run) store(ctx context.Context, messages []events.SQSMessage) {
	for i := range messages {
		if r.due.near(r.now()) {
			r.log.ErrorContext(ctx, "out of time: the remaining messages will be delivered again", "messages", len(messages)-i)
			r.failAll(messages[i:])
			break
		}
		r.message(ctx, &messages[i])
	}
	r.flush(ctx)
}

// message adds a message to the batch. If the batch has no room for it, the batch is put first. A message too large for one call gets
// several.
func (r *run) message(ctx context.Context, m *events.SQSMessage) {
	env, err := envelope.Open(m.Body)
	if err == nil && env.App != r.app {
		err = fmt.Errorf("the message is for app %q", env.App)
	}
	if err != nil {
		r.log.ErrorContext(ctx, "message unreadable: it becomes a dead letter if further deliveries fail too",
			"message_id", m.MessageId, "error", err)
		r.fail(m.MessageId)
		return
	}
	r.reader.read(env.Body)
	key := messageKey(env, m.MessageId, r.reader.sum)
	known, inBatch := r.batch.records[key]
	if !inBatch {
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
	case r.batch.tail.events == 0 && !inBatch:
		// Everything in it is stored already.
	case r.batch.tail.fits():
		r.batch.keep(m.MessageId, key, known.with(r.batch.tailEvents(), true))
	default:
		r.putLarge(ctx, m.MessageId, key, known)
	}
}

// flush puts the kept messages.
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

// putLarge puts the tail in several calls. If one fails, the message fails, and the events of the others are remembered as stored.
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

// put puts some of the batch's events and reports whether they are stored. It logs errors, with names and counts but no contents.
func (r *run) put(ctx context.Context, events []event, messages int) bool {
	if len(events) == 0 {
		return true
	}
	log := r.log.With("log_group", r.sender.group, "log_stream", r.sender.stream, "messages", messages, "events", len(events))
	if r.due.near(r.now()) {
		log.ErrorContext(ctx, "out of time: events not put")
		return false
	}
	sortEvents(events)
	from, to, err := r.sender.put(ctx, r.batch.input(events))
	if err != nil {
		log.ErrorContext(ctx, "events not put", "error", err)
		return false
	}
	if rejected := len(events) - (to - from); rejected > 0 {
		log.WarnContext(ctx, "CloudWatch Logs rejected events as too old or too new", "rejected", rejected)
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
