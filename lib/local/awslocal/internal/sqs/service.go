// Package sqs implements Amazon SQS in memory: standard queues over the JSON protocol, with AWS's limits and errors.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
package sqs

import (
	"context"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Service holds one account's queues in one Region. It is an http.Handler.
type Service struct {
	*awsapi.JSON

	clock   *clock.Clock
	account awsapi.Account
	lag     Lag
	disturb func(operation, queue string) Disturbance
	meter   *meter.Meter
	baseURL string // what queue URLs start with, without a trailing slash

	mu      sync.Mutex
	keeper  keeper
	queues  map[string]*queue    // by name
	dying   map[string]*queue    // those of queues that DeleteQueue was called for, by name
	deleted map[string]time.Time // name to time of deletion, for QueueDeletedRecently
	taken   map[string]int       // messages that event source mappings are processing, by ARN of the queue
	tasks   []*moveTask          // oldest first
	arrival int64                // the arrival of the latest message

	moving   sync.WaitGroup
	lifetime context.Context // ends with Close
	end      context.CancelFunc
}

// Config configures a Service.
type Config struct {
	Clock   *clock.Clock
	Account awsapi.Account
	BaseURL string // the endpoint that clients use, such as http://127.0.0.1:4566
	Lag     Lag
	Disturb func(operation, queue string) Disturbance // called for each message that ReceiveMessage returns or DeleteMessage deletes; nil: none
	Journal *journal.Store                            // nil: queues are kept in memory alone
	Meter   *meter.Meter                              // nil: nothing is counted
}

// New returns a Service with the queues in the journal.
func New(c Config) (*Service, error) {
	s := &Service{
		clock:   c.Clock,
		account: c.Account,
		baseURL: c.BaseURL,
		lag:     c.Lag,
		disturb: c.Disturb,
		meter:   c.Meter,
		keeper:  keeper{journal: c.Journal},
		dying:   make(map[string]*queue),
		queues:  make(map[string]*queue),
		taken:   make(map[string]int),
		deleted: make(map[string]time.Time),
	}
	if s.disturb == nil {
		s.disturb = func(_, _ string) Disturbance { return Disturbance{} }
	}
	s.lifetime, s.end = context.WithCancel(context.Background())
	s.JSON = &awsapi.JSON{Target: "AmazonSQS", Version: "1.0", Operations: map[string]awsapi.Operation{
		"CancelMessageMoveTask":        awsapi.Op(moveTasks(s, s.cancelMessageMoveTask)),
		"ChangeMessageVisibility":      awsapi.Op(s.changeMessageVisibility),
		"ChangeMessageVisibilityBatch": awsapi.Op(s.changeMessageVisibilityBatch),
		"CreateQueue":                  awsapi.Op(s.createQueue),
		"DeleteMessage":                awsapi.Op(s.deleteMessage),
		"DeleteMessageBatch":           awsapi.Op(s.deleteMessageBatch),
		"DeleteQueue":                  awsapi.Op(s.deleteQueue),
		"GetQueueAttributes":           awsapi.Op(s.getQueueAttributes),
		"GetQueueUrl":                  awsapi.Op(s.getQueueURL),
		"ListDeadLetterSourceQueues":   awsapi.Op(s.listDeadLetterSourceQueues),
		"ListMessageMoveTasks":         awsapi.Op(moveTasks(s, s.listMessageMoveTasks)),
		"ListQueueTags":                awsapi.Op(s.listQueueTags),
		"ListQueues":                   awsapi.Op(s.listQueues),
		"PurgeQueue":                   awsapi.Op(s.purgeQueue),
		"ReceiveMessage":               awsapi.Op(s.receiveMessage),
		"SendMessage":                  awsapi.Op(s.sendMessage),
		"SendMessageBatch":             awsapi.Op(s.sendMessageBatch),
		"SetQueueAttributes":           awsapi.Op(s.setQueueAttributes),
		"StartMessageMoveTask":         awsapi.Op(moveTasks(s, s.startMessageMoveTask)),
		"TagQueue":                     awsapi.Op(s.tagQueue),
		"UntagQueue":                   awsapi.Op(s.untagQueue),
	}}
	return s, s.restore()
}

// Close stops the running message move tasks and waits for them to end.
func (s *Service) Close() {
	s.end()
	s.moving.Wait()
}

// empty is the result of operations that return nothing.
type empty struct{}
