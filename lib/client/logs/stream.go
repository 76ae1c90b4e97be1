// Package logs reads drains' log streams from CloudWatch Logs: the stored lines, a selection of them, and new ones as they are stored.
package logs

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/logformat"
)

// Event is a stored line as CloudWatch Logs returns it.
type Event = types.FilteredLogEvent

// ReadLine reads the line in an event, in whichever format it is stored.
func ReadLine(e Event) logformat.Line {
	return logformat.Read(aws.ToString(e.Message), time.UnixMilli(aws.ToInt64(e.Timestamp)))
}

// maxPage is how many events CloudWatch Logs returns at most at a time.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const maxPage = 10_000

// earliest is the earliest start time of a search for the newest events (startFromHead on the same page).
var earliest = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// minPage is the smallest page that is worth a request when some of its events may be dropped.
const minPage = 1000

// Stream is the log stream of one app, or a selection of its lines.
type Stream struct {
	Client    cloudwatchlogs.FilterLogEventsAPIClient
	Group     string
	Name      string
	Selection Selection
}

// Range limits a Read to some of the stored events. The zero value has no limits.
type Range struct {
	Since, Until time.Time // both inclusive; zero: no limit
	Last         *int      // only so many of the newest events; nil: all
}

// Read calls each with the stored events of a range, oldest first. It returns each's first error. The error is a *PatternError if CloudWatch
// Logs rejects the selection's pattern.
func (s *Stream) Read(ctx context.Context, r Range, each func(Event) error) error {
	if r.Last == nil {
		return s.all(ctx, r.Since, r.Until, each)
	}
	events, err := s.last(ctx, *r.Last, r.Since, r.Until)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

// all calls each with every event between two times, oldest first.
func (s *Stream) all(ctx context.Context, since, until time.Time, each func(Event) error) error {
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(s.Client, s.request(since, until))
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s.Selection.explain(err)
		}
		for _, e := range page.Events {
			if !s.Selection.matches(e) {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// last returns the newest n events between two times, oldest first.
func (s *Stream) last(ctx context.Context, n int, since, until time.Time) ([]Event, error) {
	if since.Before(earliest) {
		since = earliest
	}
	in := s.request(since, until)
	in.StartFromHead = aws.Bool(false)
	limit := n
	if s.Selection.byOrigin() {
		limit = max(n, minPage)
	}
	in.Limit = aws.Int32(int32(min(limit, maxPage)))
	var events []Event
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(s.Client, in)
	for len(events) < n && pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s.Selection.explain(err)
		}
		for _, e := range page.Events {
			if s.Selection.matches(e) {
				events = append(events, e)
			}
		}
	}
	events = events[:min(n, len(events))]
	slices.Reverse(events)
	return events, nil
}

func (s *Stream) request(since, until time.Time) *cloudwatchlogs.FilterLogEventsInput {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &s.Group, LogStreamNames: []string{s.Name}}
	if query := s.Selection.query(); query != "" {
		in.FilterPattern = &query
	}
	if !since.IsZero() {
		in.StartTime = aws.Int64(since.UnixMilli())
	}
	if !until.IsZero() {
		in.EndTime = aws.Int64(until.UnixMilli())
	}
	return in
}
