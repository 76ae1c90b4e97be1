// Package cwlogs is Amazon CloudWatch Logs in memory: log groups, streams and events over the JSON protocol, with AWS's limits
// and refusals. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
//
// Where the API reference leaves something open, the answers are those AWS gave in September 2026 (recorded in public by
// radkawar/stackd): the form of tokens and event ids, the pages at either end of a stream, the texts of the refusals.
package cwlogs

import (
	"sync"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
)

// Service holds one account's log groups in one Region. It is an http.Handler, safe for concurrent use.
type Service struct {
	*awsapi.JSON

	clock   *clock.Clock
	account awsapi.Account

	mu     sync.RWMutex
	groups map[string]*group // by name
	puts   uint64            // counts the calls of PutLogEvents, to order events that came in one millisecond
}

// New returns a Service without log groups.
func New(clock *clock.Clock, account awsapi.Account) *Service {
	s := &Service{clock: clock, account: account, groups: make(map[string]*group)}
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
		"ListTagsForResource":   awsapi.Op(s.listTagsForResource),
		"PutLogEvents":          awsapi.Op(s.putLogEvents),
		"PutRetentionPolicy":    awsapi.Op(s.putRetentionPolicy),
		"TagResource":           awsapi.Op(s.tagResource),
		"UntagResource":         awsapi.Op(s.untagResource),
	}}
	return s
}

// now is the service's time in milliseconds since 1970, the unit of every time in this API.
func (s *Service) now() int64 { return s.clock.Now().UnixMilli() }

// empty is the answer of operations that have none.
type empty struct{}
