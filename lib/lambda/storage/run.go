package storage

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/payload"
)

// scratch is the memory that a run works in. A later run uses it again.
type scratch struct {
	reader   reader
	batch    batch
	accounts []account // of the messages
	group    []opened
	body     []byte // memory for the first message of a group, which has no other unless messages are claimed
}

func newScratch() *scratch {
	return &scratch{batch: batch{records: make(map[identity]record)}}
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
	lost     map[identity]bool // the identities of messages whose put or claim failed: later copies of them fail too
	claims   Claims            // nil: messages are not claimed
	claimed  map[identity]*claims.Claim
	noClaims error // DynamoDB's, for the claims of this run
	lastTry  int   // the delivery from which on a message is stored without a claim
	failures []events.SQSBatchItemFailure
	refused  bool // CloudWatch Logs refused events of this run
	summary  summary
	log      *slog.Logger
}

// store stores the messages, or adds them to the failures.
func (r *run) store(ctx context.Context, messages []payload.Message) {
	for len(messages) > 0 && !r.outOfTime(ctx, messages) {
		group := r.openNext(messages)
		r.claim(ctx, group)
		for i := range group {
			if i > 0 && r.outOfTime(ctx, messages) {
				messages = nil
				break
			}
			r.message(ctx, &group[i])
			messages = messages[1:]
		}
		r.closeGroup()
	}
	r.flush(ctx)
}

// outOfTime reports whether too little time is left for these messages. Then they fail.
func (r *run) outOfTime(ctx context.Context, messages []payload.Message) bool {
	if !r.due.near(r.now()) {
		return false
	}
	r.log.ErrorContext(ctx, "out of time: the remaining messages will be delivered again", "messages", len(messages))
	r.failAll(messages)
	return true
}

// message adds a message to the batch. If the batch has no room for it, the batch is put first. A message too large for one call gets
// several.
func (r *run) message(ctx context.Context, o *opened) {
	m, env := o.message, o.env
	if o.err != nil {
		r.log.ErrorContext(ctx, "message unreadable: it becomes a dead letter if further deliveries fail too",
			"message_id", m.ID, "error", o.err)
		r.summary.unreadable++
		r.fail(m.ID)
		return
	}
	r.reader.read(env.Body)
	key := identify(env, m.ID, r.reader.sum)
	known, inBatch := r.batch.records[key]
	if !inBatch {
		known = r.stored.get(key)
	}
	r.open(env, m.ID, known)
	r.writer.begin(messageIdentity(env, m.ID), env.DrainToken)
	r.writer.write(&r.reader, key, env.ReceivedAt, known)
	if !r.batch.kept.plus(r.batch.tail).fits() {
		r.flush(ctx)
	}
	switch {
	case r.lost[key]:
		r.batch.dropTail()
		r.fail(m.ID)
	case r.batch.tail.events == 0 && !inBatch:
		// Everything in the message is stored already, or is not to be stored.
		r.remember(ctx, key, nil, true)
	case r.batch.tail.fits():
		r.batch.keep(m.ID, key, known.with(r.batch.tailEvents(), true))
	default:
		r.putLarge(ctx, m.ID, key)
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
		r.mark(ctx, slices.Collect(maps.Keys(b.records))...)
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
			r.remember(ctx, key, rest[:n], false)
		case !isRefusal(err) || !s.store(ctx, rest[:n]):
			ok = false
		}
		rest = rest[n:]
	}
	r.batch.dropTail()
	if ok {
		r.remember(ctx, key, nil, true)
		return
	}
	r.fail(messageID)
	r.lose(key)
}

// remember adds stored events to what is known of their message, and whether it is stored as a whole now.
func (r *run) remember(ctx context.Context, key identity, events []event, whole bool) {
	before := r.stored.get(key)
	r.stored.add(key, before.with(events, whole))
	if len(events) > 0 || !before.whole {
		r.mark(ctx, key)
	}
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
	now := r.now()
	r.count(events, from, to, now)
	r.summary.add(events[from:to], now)
	return nil
}

func (r *run) fail(messageID string) {
	r.failures = append(r.failures, events.SQSBatchItemFailure{ItemIdentifier: messageID})
}

func (r *run) failAll(messages []payload.Message) {
	for i := range messages {
		r.fail(messages[i].ID)
	}
}

func (r *run) lose(key identity) {
	if r.lost == nil {
		r.lost = make(map[identity]bool)
	}
	r.lost[key] = true
}
