package logs

import (
	"context"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

const (
	// overlap is how far before the newest event each search starts: Heroku, the queue and the batches reorder lines by up to this much.
	overlap = 30 * time.Second
	// sweep is how far before the newest event every sweepEvery-th search starts: a failed batch is retried after the queue's visibility
	// timeout of six minutes.
	sweep      = 10 * time.Minute
	sweepEvery = 15
)

// Follow calls each with the stored events of a range, as Read does, then caughtUp, and then each with every event that is stored from then
// on, once, even if it is stored up to 10 minutes late. It sleeps with wait, which is clock.Sleep except in tests. It returns the first error
// of each or wait, and so ends with ctx.
func (s *Stream) Follow(ctx context.Context, r Range, wait func(context.Context, time.Duration) error, each func(Event) error, caughtUp func()) error {
	f := &follower{stream: s, floor: time.Now().Add(-sweep).UnixMilli(), seen: map[string]int64{}}
	if err := f.skipStored(ctx); err != nil {
		return err
	}
	show := func(e Event) error {
		f.note(e)
		return each(e)
	}
	if err := s.Read(ctx, r, show); err != nil {
		return err
	}
	caughtUp()
	for {
		if err := f.poll(ctx, show); err != nil {
			return err
		}
		if err := wait(ctx, s.reader.pause()); err != nil {
			return err
		}
	}
}

// follower finds new events, each once. Events are not stored in the order of their times, so each search goes back in time, and known
// events are recognized by their IDs.
type follower struct {
	stream *Stream
	floor  int64            // searches do not go back beyond this time, in ms
	newest int64            // time of the newest event seen, in ms
	seen   map[string]int64 // time by event ID
	polls  int
}

// skipStored marks all events stored so far as seen.
func (f *follower) skipStored(ctx context.Context) error {
	return f.stream.all(ctx, time.UnixMilli(f.floor), time.Time{}, func(e Event) error {
		f.note(e)
		return nil
	})
}

// note marks an event as seen.
func (f *follower) note(e Event) {
	at := aws.ToInt64(e.Timestamp)
	f.seen[aws.ToString(e.EventId)] = at
	f.newest = max(f.newest, at)
}

// poll calls each with the events that have not been seen, oldest first.
func (f *follower) poll(ctx context.Context, each func(Event) error) error {
	back := overlap
	if f.polls++; f.polls%sweepEvery == 0 {
		back = sweep
		f.forget()
	}
	return f.stream.all(ctx, f.start(back), time.Time{}, func(e Event) error {
		if _, seen := f.seen[aws.ToString(e.EventId)]; seen {
			return nil
		}
		return each(e)
	})
}

// start returns the time that is back before the newest event, or before now if that event is in the future because a clock was wrong.
func (f *follower) start(back time.Duration) time.Time {
	newest := min(f.newest, time.Now().UnixMilli())
	return time.UnixMilli(max(f.floor, newest-back.Milliseconds()))
}

// forget drops the IDs of events that no future search can return.
func (f *follower) forget() {
	oldest := f.start(sweep).UnixMilli()
	maps.DeleteFunc(f.seen, func(_ string, at int64) bool { return at < oldest })
}
