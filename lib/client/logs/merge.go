package logs

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// errStopped ends a reader whose further events nobody wants.
var errStopped = errors.New("stopped")

// mergeAll calls each with the events of all readers between two times, oldest first.
func mergeAll(ctx context.Context, readers []reader, since, until time.Time, each func(Event) error) error {
	if len(readers) == 1 {
		return readers[0].all(ctx, since, until, each)
	}
	var heads []*head
	for _, r := range readers {
		next, stop := iter.Pull2(eventsOf(ctx, r, since, until))
		defer stop()
		h := &head{next: next}
		if found, err := h.advance(); err != nil {
			return err
		} else if found {
			heads = append(heads, h)
		}
	}
	for len(heads) > 0 {
		oldest := slices.MinFunc(heads, func(a, b *head) int { return cmp.Compare(timeOf(a.event), timeOf(b.event)) })
		if err := each(oldest.event); err != nil {
			return err
		}
		found, err := oldest.advance()
		if err != nil {
			return err
		}
		if !found {
			heads = slices.DeleteFunc(heads, func(h *head) bool { return h == oldest })
		}
	}
	return nil
}

// head is the next event of a reader.
type head struct {
	event Event
	next  func() (Event, error, bool)
}

// advance goes on to the next event, and reports whether there is one.
func (h *head) advance() (found bool, err error) {
	h.event, err, found = h.next()
	return found && err == nil, err
}

// eventsOf returns the events of a reader between two times. An error is the last element.
func eventsOf(ctx context.Context, r reader, since, until time.Time) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		err := r.all(ctx, since, until, func(e Event) error {
			if !yield(e, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Event{}, err)
		}
	}
}

// lastOf returns the newest n events of all readers in a range, newest first.
func lastOf(ctx context.Context, readers []reader, n int, r Range) ([]Event, error) {
	var events []Event
	for _, from := range readers {
		found, err := from.last(ctx, n, r.Since, r.Until)
		if err != nil {
			return nil, err
		}
		events = append(events, found...)
	}
	if len(readers) > 1 {
		slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(timeOf(b), timeOf(a)) })
	}
	return events[:min(n, len(events))], nil
}

// timeOf returns an event's time, in milliseconds.
func timeOf(e Event) int64 { return aws.ToInt64(e.Timestamp) }
