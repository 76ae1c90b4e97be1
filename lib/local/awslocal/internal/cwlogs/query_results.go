package cwlogs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/insights"
)

const (
	// maxQueryPage is the largest number of rows in a page of results.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
	maxQueryPage = 10_000
	maxQueryID   = 256
)

type queryIn struct {
	QueryID *string
}

// find returns the query that the request names. The Service must be locked.
func (in *queryIn) find(s *Service) (*query, error) {
	for _, q := range s.queries {
		if q.id == *in.QueryID {
			return q, nil
		}
	}
	return nil, refusal("ResourceNotFoundException", "Query Id [%s] does not exist.", *in.QueryID)
}

func (in *queryIn) check(c *checks) {
	if c.required("queryId", in.QueryID != nil) {
		c.text("queryId", *in.QueryID, 1, maxQueryID, nil)
	}
}

type getQueryResultsIn struct {
	queryIn
	MaxItems  *int64
	NextToken *string
}

type getQueryResultsOut struct {
	Language   string             `json:"queryLanguage"`
	Results    [][]insights.Field `json:"results"`
	Statistics queryStatistics    `json:"statistics"`
	Status     string             `json:"status"`
	NextToken  string             `json:"nextToken,omitempty"`
}

// getQueryResults returns a page of results. As on AWS, those of a running query are not all.
func (s *Service) getQueryResults(_ context.Context, in *getQueryResultsIn) (*getQueryResultsOut, error) {
	var c checks
	in.check(&c)
	c.number("maxItems", in.MaxItems, 0, maxQueryPage)
	c.token(in.NextToken)
	if err := c.err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	q, err := in.find(s)
	if err != nil {
		return nil, err
	}
	first := 0
	key, err := s.redeemFor(resultsTokenLife, "GetQueryResults "+q.id, in.NextToken)
	if err != nil {
		return nil, err
	}
	if key != "" {
		if first, err = strconv.Atoi(key); err != nil {
			return nil, invalidToken()
		}
	}
	out := &getQueryResultsOut{Language: "CWLI", Status: q.status(s.clock.Now()), Results: [][]insights.Field{}}
	rows := q.Rows
	switch out.Status {
	case queryIsComplete:
		out.Statistics = q.statistics
	case queryIsRunning:
		rows = rows[:len(rows)/2]
	default:
		rows = nil
	}
	limit := int(valueOr(in.MaxItems, maxQueryPage))
	if limit == 0 {
		limit = maxQueryPage
	}
	first = min(first, len(rows))
	page := rows[first:min(first+limit, len(rows))]
	out.Results = append(out.Results, slices.Clone(page)...)
	if next := first + len(page); next < len(rows) {
		out.NextToken = s.issue("GetQueryResults "+q.id, strconv.Itoa(next))
	}
	return out, nil
}

// resultsTokenLife is how long a token of GetQueryResults is valid.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
const resultsTokenLife = time.Hour

type stopQueryOut struct {
	Success bool `json:"success"`
}

// stopQuery stops a query, which must not have ended.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html
func (s *Service) stopQuery(_ context.Context, in *queryIn) (*stopQueryOut, error) {
	var c checks
	in.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := in.find(s)
	if err != nil {
		return nil, err
	}
	if !q.active(s.clock.Now()) {
		return nil, invalidParameter("The specified query is not running.")
	}
	q.stopped = true
	return &stopQueryOut{Success: true}, nil
}
