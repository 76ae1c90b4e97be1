package cli

import (
	"context"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// pollPeriod is how often a tail looks for new lines.
	pollPeriod = time.Second
	// overlap is how far each look goes back behind the newest line: what Heroku, the queue and the batches usually mix up.
	overlap = 30 * time.Second
	// sweep is how far every sweepEvery-th look goes back: a batch that failed comes again after the queue's visibility
	// time-out, six minutes.
	sweep      = 10 * time.Minute
	sweepEvery = 15
)

// follower finds the lines that are stored after it began, each once. Lines are not stored in the order of their times, so it looks
// back each time and knows by their ids the events it has met.
type follower struct {
	stream *logStream
	floor  int64            // never looks at events before this time, in ms
	newest int64            // time of the newest event met, in ms
	met    map[string]int64 // event id to time
	polls  int
}

// follow begins: what is stored by now counts as met.
func follow(ctx context.Context, stream *logStream) (*follower, error) {
	f := &follower{stream: stream, floor: time.Now().Add(-sweep).UnixMilli(), met: map[string]int64{}}
	err := stream.all(ctx, time.UnixMilli(f.floor), time.Time{}, func(e types.FilteredLogEvent) error {
		f.note(e)
		return nil
	})
	return f, err
}

// note takes an event for met.
func (f *follower) note(e types.FilteredLogEvent) {
	at := aws.ToInt64(e.Timestamp)
	f.met[aws.ToString(e.EventId)] = at
	f.newest = max(f.newest, at)
}

// poll hands over the events that were not met yet, oldest first.
func (f *follower) poll(ctx context.Context, each func(types.FilteredLogEvent) error) error {
	back := overlap
	if f.polls++; f.polls%sweepEvery == 0 {
		back = sweep
		f.forget()
	}
	return f.stream.all(ctx, f.start(back), time.Time{}, func(e types.FilteredLogEvent) error {
		if _, met := f.met[aws.ToString(e.EventId)]; met {
			return nil
		}
		f.note(e)
		return each(e)
	})
}

// start is a time before the newest line. A line may be of the future, when a clock is wrong: then it is before now.
func (f *follower) start(back time.Duration) time.Time {
	newest := min(f.newest, time.Now().UnixMilli())
	return time.UnixMilli(max(f.floor, newest-back.Milliseconds()))
}

// forget drops the ids of events that no look goes back to.
func (f *follower) forget() {
	oldest := f.start(sweep).UnixMilli()
	maps.DeleteFunc(f.met, func(_ string, at int64) bool { return at < oldest })
}
