package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/envelope"
)

// scratch is the memory that a run works in. A later run uses it again.
type scratch struct {
	reader   reader
	batch    batch
	accounts []account // of the messages
}

func newScratch() *scratch {
	return &scratch{reader: reader{hash: sha256.New()}, batch: batch{records: make(map[identity]record)}}
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
	lost     map[identity]bool // the identities of messages whose put failed: later copies of them fail too
	failures []events.SQSBatchItemFailure
	refused  bool // CloudWatch Logs refused events of this run
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
		r.summary.unreadable++
		r.fail(m.MessageId)
		return
	}
	r.reader.read(env.Body)
	key := identify(env, m.MessageId, r.reader.sum)
	known, inBatch := r.batch.records[key]
	if !inBatch {
		known = r.stored.get(key)
	}
	r.open(env, m.MessageId, known)
	r.writer.begin(messageIdentity(env, m.MessageId), env.DrainToken)
	r.writer.write(&r.reader, key, env.ReceivedAt, known)
	if !r.batch.kept.plus(r.batch.tail).fits() {
		r.flush(ctx)
	}
	switch {
	case r.lost[key]:
		r.batch.dropTail()
		r.fail(m.MessageId)
	case r.batch.tail.events == 0 && !inBatch:
		// Everything in the message is stored already, or is not to be stored.
		r.remember(key, nil, true)
	case r.batch.tail.fits():
		r.batch.keep(m.MessageId, key, known.with(r.batch.tailEvents(), true))
	default:
		r.putLarge(ctx, m.MessageId, key)
	}
}

// flush puts the kept messages.
func (r *run) flush(ctx context.Context) {
	b := &r.batch
	switch err := r.put(ctx, b, b.keptEvents(), len(b.messages)); {
	case err == nil:
		for key, rec := range b.records {
			r.stored.add(key, rec)
		}
	case isRefusal(err):
		r.divide(ctx, b.messages)
	default:
		for _, m := range b.messages {
			r.fail(m.id)
			r.lose(m.key)
		}
	}
	b.dropKept()
}

// putLarge puts the tail in several calls. If one fails, the message fails, and the events of the others are remembered as stored.
func (r *run) putLarge(ctx context.Context, messageID string, key identity) {
	rest, ok := r.batch.tailEvents(), true
	sortEvents(rest)
	s := search{run: r, messageID: messageID, key: key}
	for len(rest) > 0 {
		n := fitting(rest)
		switch err := r.put(ctx, &r.batch, rest[:n], 1); {
		case err == nil:
			r.remember(key, rest[:n], false)
		case !isRefusal(err) || !s.store(ctx, rest[:n]):
			ok = false
		}
		rest = rest[n:]
	}
	r.batch.dropTail()
	if ok {
		r.remember(key, nil, true)
		return
	}
	r.fail(messageID)
	r.lose(key)
}

// remember adds stored events to what is known of their message, and whether it is stored as a whole now.
func (r *run) remember(key identity, events []event, whole bool) {
	r.stored.add(key, r.stored.get(key).with(events, whole))
}

var errOutOfTime = errors.New("out of time")

// put puts some of a batch's events. It logs errors, with names and counts but no contents, except for refusals after the first one.
func (r *run) put(ctx context.Context, b *batch, events []event, messages int) error {
	if len(events) == 0 {
		return nil
	}
	log := r.log.With("log_group", r.sender.group, "log_stream", r.sender.stream, "messages", messages, "events", len(events))
	if r.due.near(r.now()) {
		log.ErrorContext(ctx, "out of time: events not put")
		return errOutOfTime
	}
	sortEvents(events)
	from, to, err := r.sender.put(ctx, b.input(events))
	switch {
	case isRefusal(err):
		if !r.refused {
			log.WarnContext(ctx, "CloudWatch Logs refused events: putting them in smaller calls to find out which", "error", err)
		}
		r.refused = true
		return err
	case err != nil:
		log.ErrorContext(ctx, "events not put", "error", err)
		return err
	}
	if rejected := len(events) - (to - from); rejected > 0 {
		log.WarnContext(ctx, "CloudWatch Logs rejected events as too old or too new", "rejected", rejected)
	}
	r.count(events, from, to)
	r.summary.add(events[from:to], r.now())
	return nil
}

func (r *run) fail(messageID string) {
	r.failures = append(r.failures, events.SQSBatchItemFailure{ItemIdentifier: messageID})
}

func (r *run) failAll(messages []events.SQSMessage) {
	for i := range messages {
		r.fail(messages[i].MessageId)
	}
}

func (r *run) lose(key identity) {
	if r.lost == nil {
		r.lost = make(map[identity]bool)
	}
	r.lost[key] = true
}
