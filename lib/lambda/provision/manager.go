// Package provision creates, finds, changes and removes drains on AWS: a log stream, a queue, and an event source mapping from the queue to
// the storage function for each app. It keeps no record of its own: it acts on what AWS shows.
package provision

import (
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"heroku-drains/lib/drain"
)

// Config is what a stack sets for all its drains.
type Config struct {
	Stack           string // the stack's name, which distinguishes its queues from those of others
	Names           drain.Names
	StorageFunction string // name or ARN of the function that stores the queues' messages
	// DeadLetterQueue receives what the storage function fails to store MaxReceiveCount times. The drains' queues are in its account and Region.
	DeadLetterQueue arn.ARN
	MaxReceiveCount int
	// VisibilityTimeout is that of drains without a batch window, in whole seconds: Lambda refuses less than the storage function's time-out, and
	// advises six times that. Each queue's has the drain's batch window added.
	VisibilityTimeout time.Duration
	Defaults          drain.Settings // defaults for drains without their own settings
	// Tags are the stack's: Put adds them to every queue, and to every mapping that it creates. Streams have no tags.
	Tags map[string]string
}

// Manager manages drains. It holds no state but the survey of an unfinished listing, so any number of Managers can work at the same time.
type Manager struct {
	cfg    Config
	sqs    SQS
	logs   Logs
	lambda Lambda

	surveys surveys
}

// NewManager returns a Manager that calls AWS with these clients.
func NewManager(cfg Config, sqs SQS, logs Logs, lambda Lambda) *Manager {
	return &Manager{cfg: cfg, sqs: sqs, logs: logs, lambda: lambda}
}

// queueARN returns the ARN of an app's queue. It needs no call: the ARN of a queue consists of account, Region and name.
func (m *Manager) queueARN(app string) string {
	a := m.cfg.DeadLetterQueue
	a.Resource = m.cfg.Names.Queue(app)
	return a.String()
}

// inParallel runs the steps at the same time, waits for all of them, and joins their errors.
func inParallel(steps ...func() error) error {
	errs := make([]error, len(steps))
	var wg sync.WaitGroup
	for i, step := range steps {
		wg.Go(func() { errs[i] = step() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
