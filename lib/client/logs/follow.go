package logs

import (
	"context"
	"maps"
	"strings"
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

// Watcher learns what a Follow finds. Only Line is required.
type Watcher struct {
	Line     func(Event) error // its error ends the Follow
	CaughtUp func()            // all stored lines of the range have been found
	Lost     func(error)       // a search failed, although earlier ones did not; it is repeated until it succeeds
	Again    func(lines int)   // it has succeeded; since Lost, so many lines were found
}

// Follow calls w.Line with the stored events of a range, as Read does, then w.CaughtUp, and then w.Line with every event that is stored from
// then on, once, even if it is stored up to 10 minutes late. It waits between two searches with wait, which is clock.Sleep except in tests.
//
// After the first search, a failure that may pass (see isTemporary) does not end it: it tries again until it has found all events of the
// meantime. It returns the first error of w.Line or wait, and so ends with ctx, and the first error of another kind.
func (s *Streams) Follow(ctx context.Context, r Range, wait func(context.Context, time.Duration) error, w Watcher) error {
	s = &Streams{Client: impatient{s.Client}, Group: s.Group, Names: s.Names, Selection: s.Selection, Duplicates: s.Duplicates, Wait: s.Wait, Idle: s.Idle}
	f := &follower{
		streams: s, connection: connection{wait: wait, watcher: w}, floor: time.Now().Add(-sweep).UnixMilli(), seen: map[string]int64{},
	}
	f.sieve = sieve{duplicates: s.Duplicates, each: f.connection.line}
	if err := f.connection.try(ctx, f.skipStored); err != nil {
		return err
	}
	stored := stored{streams: s, r: r}
	if err := f.connection.try(ctx, func(ctx context.Context) error { return f.end(stored.read(ctx, f.show)) }); err != nil {
		return err
	}
	if w.CaughtUp != nil {
		w.CaughtUp()
	}
	for {
		if err := f.connection.try(ctx, f.poll); err != nil {
			return err
		}
		if err := wait(ctx, s.pause()); err != nil {
			return err
		}
	}
}

// stored reads the stored events of a range, each once, although it may take several tries.
type stored struct {
	streams *Streams
	r       Range
	newest  map[string]bool // the IDs of the events of the time up to which it has come, r.Since
}

func (s *stored) read(ctx context.Context, each func(Event) error) error {
	return s.streams.read(ctx, s.r, func(e Event) error {
		id, at := aws.ToString(e.EventId), time.UnixMilli(timeOf(e))
		switch {
		case s.newest[id]:
			return nil
		case s.newest == nil, at.After(s.r.Since):
			s.newest = map[string]bool{}
		}
		if err := each(e); err != nil {
			return err
		}
		s.newest[id] = true
		if s.r.Last == nil { // the newest N are shown after the last call
			s.r.Since = at
		}
		return nil
	})
}

// follower finds new events, each once. Events are not stored in the order of their times, so each search goes back in time, and known
// events are recognized by their IDs.
type follower struct {
	streams    *Streams
	connection connection
	sieve      sieve            // what is found goes through it to the watcher
	floor      int64            // searches do not go back beyond this time, in ms
	newest     int64            // time of the newest event seen, in ms
	seen       map[string]int64 // time by event ID
	polls      int
	unfinished *time.Time // where the last search started, if it failed: it may have found the newest events, but not all before them
}

// skipStored marks all events stored so far as seen.
func (f *follower) skipStored(ctx context.Context) error {
	return f.streams.all(ctx, time.UnixMilli(f.floor), time.Time{}, func(e Event) error {
		f.note(e)
		return nil
	})
}

// note marks an event as seen.
func (f *follower) note(e Event) {
	f.seen[strings.Clone(aws.ToString(e.EventId))] = timeOf(e) // the ID may be a part of the event's memory
	f.newest = max(f.newest, timeOf(e))
}

// show marks an event as seen, and hands it to the watcher unless it is a copy, at the latest when the search ends.
func (f *follower) show(e Event) error {
	f.note(e)
	return f.sieve.add(e)
}

// end ends a search that shows events.
func (f *follower) end(searched error) error {
	defer f.streams.idle()
	return f.sieve.end(searched)
}

// poll shows the events that have not been seen, oldest first.
func (f *follower) poll(ctx context.Context) error {
	f.polls++
	long := f.unfinished != nil || f.polls%sweepEvery == 0
	start := f.start(overlap)
	if long {
		start = f.start(sweep)
	}
	if f.unfinished != nil && f.unfinished.Before(start) {
		start = *f.unfinished
	}
	f.unfinished = &start
	err := f.end(f.streams.all(ctx, start, time.Time{}, func(e Event) error {
		if _, seen := f.seen[aws.ToString(e.EventId)]; seen {
			return nil
		}
		return f.show(e)
	}))
	if err != nil {
		return err
	}
	f.unfinished = nil
	if long {
		f.forget()
	}
	return nil
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
