// Package dynamodb implements Amazon DynamoDB in memory: on-demand tables without indexes, with DynamoDB's limits, expressions and errors.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
package dynamodb

import (
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Config configures a Service.
type Config struct {
	Clock   *clock.Clock
	Account awsapi.Account
	// TransitionTime is how long a table is CREATING or DELETING, and its time to live ENABLING or DISABLING. If it is 0, only the response of the
	// call that makes the change shows that state.
	TransitionTime time.Duration
	Lag            Lag
	Journal        *journal.Store // nil: tables are kept in memory alone
	Meter          *meter.Meter   // nil: nothing is counted
}

// Lag is how long DynamoDB takes to show a change. The zero value shows every change at once.
type Lag struct {
	// Reads is how old what an eventually consistent read returns is.
	Reads time.Duration
	// Counts is how old the number and the size of the items of a table can be.
	Counts time.Duration
}

// Service holds one account's tables in one Region. It is an http.Handler.
type Service struct {
	api    *awsapi.JSON
	config Config

	mu     sync.Mutex
	tables map[string]*table // by name
}

// New returns a Service with the tables in the journal.
func New(config Config) (*Service, error) {
	s := &Service{config: config, tables: make(map[string]*table)}
	s.api = &awsapi.JSON{Target: "DynamoDB_20120810", Version: "1.0", Operations: map[string]awsapi.Operation{
		"CreateTable":        awsapi.Op(s.createTable),
		"DeleteItem":         awsapi.Op(s.deleteItem),
		"DeleteTable":        awsapi.Op(s.deleteTable),
		"DescribeTable":      awsapi.Op(s.describeTable),
		"DescribeTimeToLive": awsapi.Op(s.describeTimeToLive),
		"GetItem":            awsapi.Op(s.getItem),
		"ListTables":         awsapi.Op(s.listTables),
		"PutItem":            awsapi.Op(s.putItem),
		"Query":              awsapi.Op(s.query),
		"Scan":               awsapi.Op(s.scan),
		"UpdateTimeToLive":   awsapi.Op(s.updateTimeToLive),
	}}
	return s, s.restore()
}
