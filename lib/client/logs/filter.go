package logs

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// filterReader reads with FilterLogEvents, which finds events as soon as they are stored.
type filterReader struct {
	*Streams
	names []string
}

func (filterReader) lag() time.Duration { return 0 }

func (filterReader) pause() time.Duration { return time.Second }

func (f filterReader) all(ctx context.Context, since, until time.Time, each func(Event) error) error {
	pages := readAhead(ctx, f.Client, f.request(since, until))
	defer pages.stop()
	for {
		next, ok := pages.next(f.idle)
		if !ok {
			return nil
		}
		if next.err != nil {
			return f.Selection.explain(next.err)
		}
		for _, e := range next.page.Events {
			if !f.matches(e) {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
	}
}

func (f filterReader) last(ctx context.Context, n int, since, until time.Time) ([]Event, error) {
	if since.Before(earliest) {
		since = earliest
	}
	in := f.request(since, until)
	in.StartFromHead = aws.Bool(false)
	in.Limit = aws.Int32(int32(f.Selection.pageFor(n)))
	var events []Event
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(f.Client, in)
	for len(events) < n && pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, f.Selection.explain(err)
		}
		for _, e := range page.Events {
			if f.matches(e) {
				events = append(events, e)
			}
		}
	}
	return events[:min(n, len(events))], nil
}

func (f filterReader) request(since, until time.Time) *cloudwatchlogs.FilterLogEventsInput {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &f.Group, LogStreamNames: f.names}
	if query := f.Selection.query(); query != "" {
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
