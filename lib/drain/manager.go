package drain

import (
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Config is what a stack decides about all its drains.
type Config struct {
	Names           Names
	StorageFunction string // name or ARN of the function that the queues' messages go to
	// DeadLetterQueue takes what the storage function refuses MaxReceiveCount times. The drains' queues are in its account and Region.
	DeadLetterQueue   arn.ARN
	MaxReceiveCount   int
	VisibilityTimeout time.Duration // whole seconds; Lambda refuses less than the storage function's time-out, and advises 6 times that
	BatchSize         int           // like the two below: of drains that were not given their own
	BatchWindow       int           // seconds
	MaxConcurrency    int           // 0: no limit
	// Tags are the stack's: Put adds them to every queue, and to every mapping that it makes. Streams have no tags.
	Tags map[string]string
}

// Manager makes, finds, changes and removes drains. It holds no state, so that any number of them can work at once.
type Manager struct {
	cfg      Config
	defaults Settings // complete
	sqs      SQS
	logs     Logs
	lambda   Lambda
}

// NewManager makes a Manager that calls AWS with these clients.
func NewManager(cfg Config, sqs SQS, logs Logs, lambda Lambda) *Manager {
	return &Manager{
		cfg: cfg,
		defaults: Settings{
			Format:             new(FormatText),
			ANSI:               new(ANSIKeep),
			BatchSize:          &cfg.BatchSize,
			BatchWindowSeconds: &cfg.BatchWindow,
			MaximumConcurrency: &cfg.MaxConcurrency,
		},
		sqs:    sqs,
		logs:   logs,
		lambda: lambda,
	}
}

// queueARN needs no call: queue ARNs are made of account, Region and name.
func (m *Manager) queueARN(app string) string {
	a := m.cfg.DeadLetterQueue
	a.Resource = m.cfg.Names.Queue(app)
	return a.String()
}

// together runs the steps at the same time, waits for all of them, and joins their errors.
func together(steps ...func() error) error {
	errs := make([]error, len(steps))
	var wg sync.WaitGroup
	for i, step := range steps {
		wg.Go(func() { errs[i] = step() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// is reports whether err is, or wraps, an AWS error of type E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
