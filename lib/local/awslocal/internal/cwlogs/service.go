// Package cwlogs implements Amazon CloudWatch Logs in memory: log groups, streams and events over the JSON protocol, with AWS's limits
// and errors. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
//
// Where the API reference leaves something open, the package behaves as AWS did in September 2026 (published by radkawar/stackd). That
// includes the form of tokens and event IDs, the pages at either end of a stream, and the texts of errors.
package cwlogs

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Service holds one account's log groups in one Region. It is an http.Handler, safe for concurrent use.
type Service struct {
	*awsapi.JSON

	clock   *clock.Clock
	account awsapi.Account
	journal *journal.Store
	meter   *meter.Meter
	lag     time.Duration // how old the times of events are that DescribeLogStreams shows

	queryTime time.Duration

	mu      sync.RWMutex
	groups  map[string]*group // by name
	queries []*query          // the last keptQueries
	opened  *opened           // the chunks of all streams that are not packed
	streams int               // the number of the latest stream
	puts    uint64            // number of PutLogEvents calls; orders events that arrive in the same millisecond
}

// Config configures a Service.
type Config struct {
	Clock   *clock.Clock
	Account awsapi.Account
	Lag     time.Duration  // how old the times of events are that DescribeLogStreams shows
	Journal *journal.Store // nil: logs are kept in memory alone
	Meter   *meter.Meter   // nil: nothing is counted

	QueryTime time.Duration // how long a query takes
	Opened    int64         // the total size of the events that are not packed, in bytes; 0: maxOpened
}

// New returns a Service with the log groups in the journal.
func New(c Config) (*Service, error) {
	opened, err := newOpened(cmp.Or(c.Opened, maxOpened))
	if err != nil {
		return nil, err
	}
	s := &Service{clock: c.Clock, account: c.Account, lag: c.Lag, journal: c.Journal, meter: c.Meter, queryTime: c.QueryTime, groups: make(map[string]*group),
		opened: opened,
	}
	s.JSON = &awsapi.JSON{Target: "Logs_20140328", Version: "1.1", Operations: map[string]awsapi.Operation{
		"CreateLogGroup":        awsapi.Op(s.createLogGroup),
		"CreateLogStream":       awsapi.Op(s.createLogStream),
		"DeleteLogGroup":        awsapi.Op(s.deleteLogGroup),
		"DeleteLogStream":       awsapi.Op(s.deleteLogStream),
		"DeleteRetentionPolicy": awsapi.Op(s.deleteRetentionPolicy),
		"DescribeLogGroups":     awsapi.Op(s.describeLogGroups),
		"DescribeLogStreams":    awsapi.Op(s.describeLogStreams),
		"FilterLogEvents":       awsapi.Op(s.filterLogEvents),
		"GetLogEvents":          awsapi.Op(s.getLogEvents),
		"GetQueryResults":       awsapi.Op(s.getQueryResults),
		"ListTagsForResource":   awsapi.Op(s.listTagsForResource),
		"PutLogEvents":          awsapi.Op(s.putLogEvents),
		"PutRetentionPolicy":    awsapi.Op(s.putRetentionPolicy),
		"StartQuery":            awsapi.Op(s.startQuery),
		"StopQuery":             awsapi.Op(s.stopQuery),
		"TagResource":           awsapi.Op(s.tagResource),
		"UntagResource":         awsapi.Op(s.untagResource),
	}}
	return s, s.restore()
}

// now returns the service's time in milliseconds since 1970, the unit of all times in this API.
func (s *Service) now() int64 { return s.clock.Now().UnixMilli() }

// empty is the result of operations that return nothing.
type empty struct{}

// refusal returns an error with status 400, the status of every error that this API reports about a request.
func refusal(code, format string, args ...any) *awsapi.Error {
	return awsapi.Errorf(http.StatusBadRequest, code, format, args...)
}

func invalidParameter(format string, args ...any) *awsapi.Error {
	return refusal("InvalidParameterException", format, args...)
}

func noSuchGroup() *awsapi.Error {
	return refusal("ResourceNotFoundException", "The specified log group does not exist.")
}

func noSuchStream() *awsapi.Error {
	return refusal("ResourceNotFoundException", "The specified log stream does not exist.")
}

func invalidToken() *awsapi.Error {
	return invalidParameter("The specified nextToken is invalid.")
}
