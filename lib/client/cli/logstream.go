package cli

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// maxPage is how many events CloudWatch Logs gives at most at a time.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const maxPage = 10_000

// earliest is the earliest time from which CloudWatch Logs searches backwards (same page, startFromHead).
var earliest = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// minPage is the smallest page that is worth a request when some of its events may be dropped.
const minPage = 1000

// logStream is one app's log stream, or a selection of its lines.
type logStream struct {
	client    *cloudwatchlogs.Client
	group     string
	name      string
	selection logSelection
}

// all hands over every event from one time to another, both included, oldest first. A zero time is no limit.
func (l *logStream) all(ctx context.Context, from, until time.Time, each func(types.FilteredLogEvent) error) error {
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(l.client, l.request(from, until))
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return l.selection.refused(err)
		}
		for _, e := range page.Events {
			if !l.selection.wants(e) {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// last is the last n events from one time to another, oldest first.
func (l *logStream) last(ctx context.Context, n int, from, until time.Time) ([]types.FilteredLogEvent, error) {
	if from.Before(earliest) {
		from = earliest
	}
	in := l.request(from, until)
	in.StartFromHead = aws.Bool(false)
	limit := n
	if l.selection.selective() {
		limit = max(n, minPage)
	}
	in.Limit = aws.Int32(int32(min(limit, maxPage)))
	var events []types.FilteredLogEvent
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(l.client, in)
	for len(events) < n && pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, l.selection.refused(err)
		}
		for _, e := range page.Events {
			if l.selection.wants(e) {
				events = append(events, e)
			}
		}
	}
	events = events[:min(n, len(events))]
	slices.Reverse(events)
	return events, nil
}

func (l *logStream) request(from, until time.Time) *cloudwatchlogs.FilterLogEventsInput {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &l.group, LogStreamNames: []string{l.name}}
	if query := l.selection.query(); query != "" {
		in.FilterPattern = &query
	}
	if !from.IsZero() {
		in.StartTime = aws.Int64(from.UnixMilli())
	}
	if !until.IsZero() {
		in.EndTime = aws.Int64(until.UnixMilli())
	}
	return in
}
