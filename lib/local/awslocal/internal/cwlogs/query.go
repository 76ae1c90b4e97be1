package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/cwlogs/insights"
)

const (
	// maxQueryGroups, maxQueryLimit and maxQueries are the limits of a query, and of an account.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
	maxQueryGroups = 50
	maxQueryLimit  = 100_000
	// maxQueries is how many queries may run at a time. AWS's pages say 100, and said 30 for years: the smaller number is safe everywhere.
	maxQueries = 30
	// queryLag is how long an event is stored before queries find it. AWS promises no time; people see seconds, and up to a minute:
	// https://github.com/aws/aws-sdk-java/issues/2091
	queryLag = time.Second
	// keptQueries is how many queries are kept, so that following a log for days does not fill the memory. AWS keeps results for days.
	keptQueries = 1000
)

// query is a query that was started, with its results: what they are is decided when it starts.
type query struct {
	id      string
	started time.Time
	takes   time.Duration
	stopped bool
	insights.Result
	statistics queryStatistics
}

type queryStatistics struct {
	Matched float64 `json:"recordsMatched"`
	Scanned float64 `json:"recordsScanned"`
	Bytes   float64 `json:"bytesScanned"`
	Groups  float64 `json:"logGroupsScanned"`
}

// The states of a query.
const (
	queryIsScheduled = "Scheduled"
	queryIsRunning   = "Running"
	queryIsComplete  = "Complete"
	queryIsCancelled = "Cancelled"
)

// status returns the state. A query is scheduled for the first tenth of its time, and then running, with partial results.
func (q *query) status(now time.Time) string {
	switch {
	case q.stopped:
		return queryIsCancelled
	case now.Sub(q.started) < q.takes/10:
		return queryIsScheduled
	case now.Sub(q.started) < q.takes:
		return queryIsRunning
	}
	return queryIsComplete
}

// active reports whether the query counts against the account's limit.
func (q *query) active(now time.Time) bool {
	status := q.status(now)
	return status == queryIsScheduled || status == queryIsRunning
}

type startQueryIn struct {
	QueryLanguage       *string
	LogGroupName        *string
	LogGroupNames       []string
	LogGroupIdentifiers []string
	StartTime, EndTime  *int64 // seconds
	QueryString         *string
	Limit               *int64
}

type startQueryOut struct {
	QueryID string `json:"queryId"`
}

func (s *Service) startQuery(ctx context.Context, in *startQueryIn) (*startQueryOut, error) {
	names, err := in.check(s)
	if err != nil {
		return nil, err
	}
	parsed, err := insights.Parse(*in.QueryString)
	if err != nil {
		return nil, malformedQuery(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	groups, err := in.groups(s, names, now)
	if err != nil {
		return nil, err
	}
	active := 0
	for _, q := range s.queries {
		if q.active(now) {
			active++
		}
	}
	if active >= maxQueries {
		return nil, refusal("LimitExceededException", "Account maximum query concurrency limit of [%d] reached.", maxQueries)
	}
	q := &query{id: awsapi.NewID(), started: now, takes: s.queryTime, statistics: queryStatistics{Groups: float64(len(groups))}}
	q.Result = parsed.Run(in.records(s, groups, now, &q.statistics), int(valueOr(in.Limit, insights.DefaultLimit)))
	q.statistics.Matched = float64(q.Matched)
	s.countScanned(ctx, q.statistics.Bytes)
	s.queries = append(s.queries, q)
	s.queries = s.queries[max(0, len(s.queries)-keptQueries):]
	return &startQueryOut{QueryID: q.id}, nil
}

func (in *startQueryIn) check(s *Service) (names []string, err error) {
	var c checks
	if in.QueryLanguage != nil {
		c.oneOf("queryLanguage", *in.QueryLanguage, "CWLI") // PPL and SQL are not implemented
	}
	c.required("startTime", in.StartTime != nil)
	c.number("startTime", in.StartTime, 0, math.MaxInt64)
	c.required("endTime", in.EndTime != nil)
	c.number("endTime", in.EndTime, 0, math.MaxInt64)
	if c.required("queryString", in.QueryString != nil) {
		c.text("queryString", *in.QueryString, 0, insights.MaxLength, nil)
	}
	c.number("limit", in.Limit, 1, maxQueryLimit)
	given := 0
	if in.LogGroupName != nil {
		given++
		names = []string{c.groupName(in.LogGroupName)}
	}
	if in.LogGroupNames != nil {
		given++
		for _, name := range in.LogGroupNames {
			names = append(names, c.groupName(&name))
		}
	}
	if in.LogGroupIdentifiers != nil {
		given++
		for _, identifier := range in.LogGroupIdentifiers {
			names = append(names, (&groupRef{LogGroupIdentifier: &identifier}).groupName(s, &c))
		}
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	switch {
	case given != 1:
		return nil, invalidParameter("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.")
	case len(names) == 0 || len(names) > maxQueryGroups:
		return nil, invalidParameter("A query must name 1 to %d log groups.", maxQueryGroups)
	case *in.EndTime < *in.StartTime:
		return nil, invalidParameter("End time should not be before start time.")
	}
	return names, nameLength(names...)
}

// groups returns the groups to query. As on AWS, a query whose range ends before a group was created, or before the events that its retention
// keeps, is malformed, although older events may have been stored in a new group.
func (in *startQueryIn) groups(s *Service, names []string, now time.Time) ([]*group, error) {
	var groups []*group
	for _, name := range names {
		g, err := s.findGroup(name)
		if err != nil {
			return nil, err
		}
		if g.class == delivery {
			return nil, g.notSupported("StartQuery")
		}
		if seconds := *in.EndTime; seconds < g.created/1000 || seconds < g.oldestKept(now.UnixMilli())/1000 {
			return nil, malformedQuery(&insights.Error{
				Message: "end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
			})
		}
		if !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// records returns the events in the range of times, and counts them. The Service must be locked. Events of the last queryLag are not found yet.
func (in *startQueryIn) records(s *Service, groups []*group, now time.Time, count *queryStatistics) iter.Seq[insights.Record] {
	visible := now.Add(-queryLag).UnixMilli()
	return func(yield func(insights.Record) bool) {
		for _, g := range groups {
			start := max(seconds(*in.StartTime), g.oldestKept(now.UnixMilli()))
			var streams []*stream
			for _, st := range g.streams {
				streams = append(streams, st)
			}
			m := newMerge(streams, false, start, seconds(*in.EndTime), nil)
			for st, e := m.next(); e != nil; st, e = m.next() {
				if e.ingested > visible {
					continue
				}
				count.Scanned++
				count.Bytes += float64(e.size())
				record := insights.Record{
					Time: e.time, Ingested: e.ingested, Message: e.message, Stream: st.name, Log: s.account.ID + ":" + g.name, Ptr: e.ptr(g, st),
					Undiscovered: g.class != standard,
				}
				if !yield(record) {
					return
				}
			}
		}
	}
}

// seconds returns a time of the API of queries in milliseconds.
func seconds(n int64) int64 { return min(n, math.MaxInt64/1000) * 1000 }

// ptr returns the @ptr of an event: like AWS's, it is opaque, and identifies the event among all groups.
func (e *event) ptr(g *group, st *stream) string {
	return encodeToken(fmt.Sprintf("%s\n%s\n%s", g.name, st.name, e))
}

// malformedQuery returns the error for a query that cannot be parsed.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_QueryCompileError.html
func malformedQuery(err error) error {
	compile, ok := errors.AsType[*insights.Error](err)
	if !ok {
		return err
	}
	e := refusal("MalformedQueryException", "%s", compile.Message)
	e.Fields = map[string]any{"queryCompileError": map[string]any{
		"location": map[string]int{"startCharOffset": compile.Start, "endCharOffset": compile.End},
		"message":  compile.Message,
	}}
	return e
}
