package logs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// queryLag is how long queries may not find a stored event. AWS promises no time; users see seconds, and up to a minute:
	// https://github.com/aws/aws-sdk-java/issues/2091
	queryLag = time.Minute
	// queryPause is the time between two queries that look for new events. Each is charged for what it scans.
	queryPause = 5 * time.Second
	// maxRows is how many events one query returns at most.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
	maxRows = 100_000
	// maxLead is how far in the future the time of a stored event can be.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	maxLead = 2 * time.Hour
	// firstSpan is how far back the first query for the newest events goes. If it does not find enough, the next ones go further back, by
	// spanGrowth times as much each: AWS charges for all events in a query's range, found or not.
	firstSpan  = 15 * time.Minute
	spanGrowth = 8
	// shortestSpan is the shortest range into which a search in time order is split.
	shortestSpan = time.Minute
)

// queryReader reads with queries of Logs Insights.
type queryReader struct {
	*Streams
	names []string
	wide  bool // AWS has rejected a range because it ends too early; see fetch
}

func (*queryReader) lag() time.Duration { return queryLag }

func (*queryReader) pause() time.Duration { return queryPause }

// all splits long ranges: after a full page, a query covers about as much time as is needed for the next one, and not all that is left.
func (q *queryReader) all(ctx context.Context, since, until time.Time, each func(Event) error) error {
	from, end := bounds(since, until)
	length, limit := end-from, maxPage
	seen := map[string]bool{}
	for from <= end {
		to := min(end, from+length)
		q.idle()
		page, err := q.fetch(ctx, search{from: from, to: to, order: "asc", limit: limit})
		if err != nil {
			return err
		}
		for _, e := range page.events {
			if seen[*e.EventId] || !q.matches(e) {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
		switch {
		case !page.full:
			from, length, limit = to+1, length*2, maxPage
		case second(page.reached) > second(from):
			length = max(2*(page.reached-from), shortestSpan.Milliseconds())
			from, limit, seen = page.reached, maxPage, page.inSecond(page.reached)
		case limit < maxRows:
			limit, seen = maxRows, page.inSecond(from)
		default:
			return tooMany(from)
		}
	}
	return nil
}

func (q *queryReader) last(ctx context.Context, n int, since, until time.Time) ([]Event, error) {
	floor, to := bounds(since, until)
	span := firstSpan.Milliseconds()
	from := max(floor, min(to, time.Now().UnixMilli())-span)
	pageSize := q.Selection.pageFor(n)
	limit := pageSize
	seen := map[string]bool{}
	var found []Event
	for len(found) < n && from <= to {
		page, err := q.fetch(ctx, search{from: from, to: to, order: "desc", limit: limit})
		if err != nil {
			return nil, err
		}
		for _, e := range page.events {
			if !seen[*e.EventId] && q.matches(e) {
				found = append(found, e)
			}
		}
		switch {
		case !page.full && from == floor:
			return found[:min(n, len(found))], nil
		case !page.full:
			if span *= spanGrowth; q.wide {
				span = from - floor
			}
			to, from, limit = from-1, max(floor, from-span), pageSize
		case second(page.reached) < second(to):
			to, limit, seen = page.reached, pageSize, page.inSecond(page.reached)
		case limit < maxRows:
			limit, seen = maxRows, page.inSecond(to)
		default:
			return nil, tooMany(to)
		}
	}
	return found[:min(n, len(found))], nil
}

// bounds returns the first and the last millisecond of a range.
func bounds(since, until time.Time) (from, to int64) {
	if since.Before(earliest) {
		since = earliest
	}
	if until.IsZero() {
		until = time.Now().Add(maxLead)
	}
	return since.UnixMilli(), until.UnixMilli()
}

func second(millis int64) int64 { return millis / 1000 }

func tooMany(at int64) error {
	return fmt.Errorf("the second %s has more than the %d lines that Logs Insights returns", time.UnixMilli(at).UTC().Format(time.DateTime), maxRows)
}

// search is what one query looks for.
type search struct {
	from, to int64 // milliseconds, inclusive
	order    string
	limit    int
}

// page is what a query found.
type page struct {
	events  []Event // in the order of the search, and in its range
	full    bool    // there may be more
	reached int64   // time of the last event, in milliseconds
}

// inSecond returns the IDs of the events in the second of a time: the next query finds them again, because its range is in seconds.
func (p page) inSecond(millis int64) map[string]bool {
	ids := map[string]bool{}
	for _, e := range p.events {
		if second(*e.Timestamp) == second(millis) {
			ids[*e.EventId] = true
		}
	}
	return ids
}

// fetch runs one query. AWS rejects a range that ends before the log group was created, although there may be older lines in it, and one that
// ends before what its retention keeps. Such a query is repeated up to the present, with the end of its range as a condition.
func (q *queryReader) fetch(ctx context.Context, s search) (page, error) {
	text, err := q.Selection.insights(q.names)
	if err != nil {
		return page{}, err
	}
	in := &cloudwatchlogs.StartQueryInput{
		LogGroupName: &q.Group,
		StartTime:    aws.Int64(second(s.from)),
		EndTime:      aws.Int64(second(s.to + 999)),
		Limit:        aws.Int32(int32(s.limit)),
	}
	order := " | sort @timestamp " + s.order
	in.QueryString = aws.String(text + order)
	rows, err := q.run(ctx, in)
	if _, malformed := errors.AsType[*types.MalformedQueryException](err); malformed && *in.EndTime < time.Now().Unix() {
		q.wide = true
		in.EndTime = aws.Int64(time.Now().Add(maxLead).Unix())
		in.QueryString = aws.String(text + " and toMillis(@timestamp) <= " + strconv.FormatInt(s.to, 10) + order)
		rows, err = q.run(ctx, in)
	}
	if err != nil {
		return page{}, q.Selection.explain(err)
	}
	p := page{full: len(rows) == s.limit}
	for _, row := range rows {
		e, err := newEvent(row)
		if err != nil {
			return page{}, err
		}
		p.reached = *e.Timestamp
		if s.from <= *e.Timestamp && *e.Timestamp <= s.to {
			p.events = append(p.events, e)
		}
	}
	// The order of events of the same time is not defined: that of their storing is the best guess.
	slices.SortStableFunc(p.events, func(a, b Event) int {
		result := cmp.Or(cmp.Compare(*a.Timestamp, *b.Timestamp), cmp.Compare(aws.ToInt64(a.IngestionTime), aws.ToInt64(b.IngestionTime)))
		if s.order == "desc" {
			return -result
		}
		return result
	})
	return p, nil
}

// newEvent returns the event in a row of the results.
func newEvent(row []types.ResultField) (Event, error) {
	e := Event{Message: new("")}
	for _, f := range row {
		value := aws.ToString(f.Value)
		switch aws.ToString(f.Field) {
		case "@timestamp":
			e.Timestamp = parseTime(value)
		case "@ingestionTime":
			e.IngestionTime = parseTime(value)
		case "@message":
			e.Message = &value
		case "@logStream":
			e.LogStreamName = &value
		case "@ptr":
			e.EventId = &value
		}
	}
	if e.Timestamp == nil || e.EventId == nil {
		return e, errors.New("a line from Logs Insights has no time or no ID")
	}
	return e, nil
}

// parseTime returns a time of the results in milliseconds, or nil. AWS's pages show both forms.
func parseTime(text string) *int64 {
	if millis, err := strconv.ParseInt(text, 10, 64); err == nil {
		return &millis
	}
	at, err := time.Parse("2006-01-02 15:04:05.000", text)
	if err != nil {
		return nil
	}
	return aws.Int64(at.UnixMilli())
}
