package storage

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/logformat"
)

// CloudWatch Logs refuses a whole call if one of its events is invalid, no matter how often it is repeated. Our events are within the
// documented limits, but these have changed before, and are not completely documented: https://github.com/fluent/fluent-bit/pull/11159
//
// So refused events are put again in halves, first by message, then by event of a message, until each refused event is alone. It is then
// stored escaped, so that nothing is lost and nothing else has to wait for it.

// refusal is an error that no retry can fix: CloudWatch Logs considers the events invalid. It contains only the code of the SDK's error,
// because the message quotes values.
type refusal struct{ code string }

func (e *refusal) Error() string {
	return e.code + ", although the events are within the documented limits"
}

// asRefusal returns err as a refusal if it is one.
func asRefusal(err error) error {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "InvalidParameterException", "ValidationException", "SerializationException":
			return &refusal{code: api.ErrorCode()}
		}
	}
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok && response.HTTPStatusCode() == http.StatusRequestEntityTooLarge {
		return &refusal{code: fmt.Sprint("HTTP status ", http.StatusRequestEntityTooLarge)}
	}
	return err
}

func isRefusal(err error) bool {
	_, refused := errors.AsType[*refusal](err)
	return refused
}

// divide puts kept messages that were refused in one call.
func (r *run) divide(ctx context.Context, messages []kept) {
	if len(messages) > 1 {
		half := len(messages) / 2
		r.putMessages(ctx, messages[:half])
		r.putMessages(ctx, messages[half:])
		return
	}
	m := messages[0]
	s := search{run: r, messageID: m.id, key: m.key}
	if s.store(ctx, r.batch.eventsOf(messages)) {
		r.finish(ctx, m, nil)
		return
	}
	r.fail(m.id)
	r.lose(m.key)
}

// putMessages puts some of the kept messages.
func (r *run) putMessages(ctx context.Context, messages []kept) {
	events := r.batch.eventsOf(messages)
	switch err := r.put(ctx, &r.batch, events, len(messages)); {
	case err == nil:
		of := make(map[int32][]event)
		for _, e := range events {
			of[e.message] = append(of[e.message], e)
		}
		for _, m := range messages {
			r.finish(ctx, m, of[m.index])
		}
	case isRefusal(err):
		r.divide(ctx, messages)
	default:
		for _, m := range messages {
			r.fail(m.id)
			r.lose(m.key)
		}
	}
}

// finish remembers that the events of a message are stored. The message still fails if it is a copy of one that failed.
func (r *run) finish(ctx context.Context, m kept, events []event) {
	failed := r.lost[m.key]
	r.remember(ctx, m.key, events, !failed)
	if failed {
		r.fail(m.id)
	}
}

// maxFound is how many refused events of a message are searched for. It limits the number of calls, because each search takes about a dozen.
const maxFound = 8

// search stores events of one message, some of which CloudWatch Logs refuses.
type search struct {
	*run
	messageID string
	key       identity
	found     int
}

// store stores events that were refused in one call, and reports whether it could. It stops at the first failure, because the message comes
// again.
func (s *search) store(ctx context.Context, refused []event) bool {
	if len(refused) == 1 || s.found >= maxFound {
		s.found++
		return s.storeEscaped(ctx, refused)
	}
	half := len(refused) / 2
	for _, events := range [][]event{refused[:half], refused[half:]} {
		switch err := s.put(ctx, &s.batch, events, 1); {
		case err == nil:
			s.remember(ctx, s.key, events, false)
		case !isRefusal(err) || !s.store(ctx, events):
			return false
		}
	}
	return true
}

// maxEscapedBytes is the length of the longest event of escaped text. It is below all limits that CloudWatch Logs has ever had.
const maxEscapedBytes = 100_000

// storeEscaped stores the texts of refused events as escaped lines.
func (s *search) storeEscaped(ctx context.Context, refused []event) bool {
	log := s.log.With("message_id", s.messageID, "events", len(refused))
	escaped := s.escape(refused)
	sortEvents(escaped.events)
	for rest := escaped.events; len(rest) > 0; {
		n := fitting(rest)
		if err := s.put(ctx, escaped, rest[:n], 1); err != nil {
			log.ErrorContext(ctx, "refused events not stored, not even escaped: the message becomes a dead letter if further deliveries fail too",
				"error", err)
			return false
		}
		rest = rest[n:]
	}
	log.WarnContext(ctx, "events stored escaped, because CloudWatch Logs refused them as they were")
	s.summary.Escaped += len(refused)
	s.remember(ctx, s.key, refused, false)
	return true
}

// escape returns a batch of the escaped texts of events.
func (s *search) escape(events []event) *batch {
	var b batch
	for _, e := range events {
		first := len(b.events)
		line := logformat.Escaped(s.batch.text[e.start:e.end], e.time)
		line.ID = e.line
		begin := 0
		for piece := range logformat.Split(s.writer.format, line, maxEscapedBytes) {
			start := len(b.text)
			if piece.Continued {
				piece.ID = s.key.lineID(pieceID(e.id, begin, piece.Message)).SameTime(e.line)
			}
			begin += len(piece.Message)
			b.text = s.writer.format.Append(b.text, &piece)
			b.add(&piece, e.id, start)
		}
		b.events[first].malformed, b.events[first].moved, b.events[first].ownTime = true, e.moved, e.ownTime
		b.events[first].counts, b.events[first].account, b.events[first].report = e.counts, e.account, e.report
	}
	return &b
}
