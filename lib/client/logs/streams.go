// Package logs reads drains' log streams from CloudWatch Logs: the stored lines, a selection of them, and new ones as they are stored.
//
// CloudWatch Logs has two ways of reading, and which one works depends on the log group's class: FilterLogEvents for Standard, and queries of
// Logs Insights for Infrequent Access. Streams finds out by itself.
package logs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/logformat"
)

// Event is a stored line as CloudWatch Logs returns it.
type Event = types.FilteredLogEvent

// ReadLine reads the line in an event, in whichever format it is stored.
func ReadLine(e Event) logformat.Line {
	return logformat.Read(aws.ToString(e.Message), time.UnixMilli(aws.ToInt64(e.Timestamp)))
}

// Client calls CloudWatch Logs: *cloudwatchlogs.Client implements it.
type Client interface {
	cloudwatchlogs.FilterLogEventsAPIClient
	StartQuery(context.Context, *cloudwatchlogs.StartQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error)
	GetQueryResults(context.Context, *cloudwatchlogs.GetQueryResultsInput, ...func(*cloudwatchlogs.Options)) (
		*cloudwatchlogs.GetQueryResultsOutput, error)
	StopQuery(context.Context, *cloudwatchlogs.StopQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error)
}

// Streams are the log streams of some apps, all of one log group, or a selection of their lines. It is not safe for concurrent use.
type Streams struct {
	Client    Client
	Group     string
	Names     []string // of the log streams, each once; without any, there are no lines
	Selection Selection
	// Duplicates recognizes the copies of lines that are stored more than once, which are left out; nil: they are found like other lines.
	Duplicates *Duplicates
	// Wait waits for a query: clock.Sleep, or a test's own. nil: clock.Sleep.
	Wait func(context.Context, time.Duration) error
	// Idle is called when the next lines may take a while: what was found so far should be shown. nil: nothing is called.
	Idle func()

	pattern *pattern // that of the selection, once it is read
	readers []reader // as the log group can be read, as far as is known; each reads some of the streams
}

// Range limits a Read to some of the stored events. The zero value has no limits.
type Range struct {
	Since, Until time.Time // both inclusive; zero: no limit
	Last         *int      // only this many of the newest events, without copies that are left out; nil: all
}

// earliest is the start of a range without one. It is also the earliest that AWS allows for a search from the end (startFromHead in
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html).
var earliest = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// maxPage is how many events CloudWatch Logs returns at most at a time, in either way.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const maxPage = 10_000

// minPage is the smallest page that is worth a request when some of its events may be dropped.
const minPage = 1000

// maxNames is how many streams one search can name at most.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const maxNames = 100

// reader is a way of reading some of the streams.
type reader interface {
	// all calls each with the selected events between two times, oldest first.
	all(ctx context.Context, since, until time.Time, each func(Event) error) error
	// last returns the newest n selected events between two times, newest first.
	last(ctx context.Context, n int, since, until time.Time) ([]Event, error)
	// lag is how long an event may be stored before it is found.
	lag() time.Duration
	// pause is the time between two searches for new events.
	pause() time.Duration
}

// Read calls each with the stored events of a range, oldest first, from whichever stream they are: Event.LogStreamName says which. It returns
// each's first error. The error is a *PatternError if the selection's pattern cannot be used.
func (s *Streams) Read(ctx context.Context, r Range, each func(Event) error) error {
	defer s.idle()
	sieve := sieve{duplicates: s.Duplicates, each: each}
	return sieve.end(s.read(ctx, r, sieve.add))
}

// idle calls Idle.
func (s *Streams) idle() {
	if s.Idle != nil {
		s.Idle()
	}
}

// read is Read with the copies.
func (s *Streams) read(ctx context.Context, r Range, each func(Event) error) error {
	if r.Last == nil {
		return s.all(ctx, r.Since, r.Until, each)
	}
	events, err := s.last(ctx, *r.Last, r)
	if err != nil {
		return err
	}
	for i := len(events) - 1; i >= 0; i-- {
		if err := each(events[i]); err != nil {
			return err
		}
	}
	return nil
}

// last returns the newest n lines of a range, and their copies, newest first.
func (s *Streams) last(ctx context.Context, n int, r Range) ([]Event, error) {
	for ask := n; ; {
		var events []Event
		err := s.try(func(from []reader) (err error) {
			events, err = lastOf(ctx, from, ask, r)
			return err
		})
		if err != nil || s.Duplicates == nil || len(events) < ask {
			return events, err
		}
		lines := 0
		sieve := sieve{duplicates: new(Duplicates), each: func(Event) error { lines++; return nil }}
		for _, e := range slices.Backward(events) {
			_ = sieve.add(e) // counting never fails
		}
		_ = sieve.flush()
		missing := n - lines
		if missing <= 0 {
			return events, nil
		}
		ask += missing
	}
}

// Lag returns how long a line may be stored before Read finds it. It is known after the first Read: queries find new lines late.
func (s *Streams) Lag() time.Duration {
	if len(s.readers) == 0 {
		return 0
	}
	return s.readers[0].lag()
}

func (s *Streams) all(ctx context.Context, since, until time.Time, each func(Event) error) error {
	return s.try(func(from []reader) error { return mergeAll(ctx, from, since, until, each) })
}

// matches reports whether an event that the selection's query has found is selected.
func (s *Streams) matches(e Event) bool {
	if s.pattern == nil {
		p, _ := s.Selection.pattern()
		s.pattern = &p
	}
	return s.pattern.matches(e) && s.Selection.matches(e)
}

// try reads with FilterLogEvents, or with queries if the log group's class does not support that. AWS's error says so before there are any
// events. DescribeLogGroups would say so, too, but users would have to be allowed to call it.
func (s *Streams) try(read func([]reader) error) error {
	if s.readers != nil {
		return read(s.readers)
	}
	filters := s.newReaders(func(names []string) reader { return filterReader{Streams: s, names: names} })
	err := read(filters)
	if isWrongClass(err) {
		s.readers = s.newReaders(func(names []string) reader { return &queryReader{Streams: s, names: names} })
		return read(s.readers)
	}
	if err == nil {
		s.readers = filters
	}
	return err
}

// newReaders makes as many readers as the number of streams needs.
func (s *Streams) newReaders(of func(names []string) reader) []reader {
	readers := []reader{}
	for names := range slices.Chunk(s.Names, maxNames) {
		readers = append(readers, of(names))
	}
	return readers
}

// pause returns the time between two searches for new events. Each reader's search is a call, and AWS throttles an account's calls.
func (s *Streams) pause() time.Duration {
	if len(s.readers) == 0 {
		return time.Second
	}
	return s.readers[0].pause() * time.Duration((len(s.readers)+1)/2)
}

// isWrongClass reports whether AWS says that the log group's class does not support an operation.
func isWrongClass(err error) bool {
	refused, ok := errors.AsType[smithy.APIError](err)
	return ok && refused.ErrorCode() == "InvalidOperationException"
}

func (s *Streams) wait(ctx context.Context, d time.Duration) error {
	if s.Wait == nil {
		return clock.Sleep(ctx, d)
	}
	return s.Wait(ctx, d)
}
