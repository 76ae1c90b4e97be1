package stack

import (
	"errors"
	"fmt"
	"strings"

	"heroku-drains/lib/drain"
)

// DrainsEnvironment is the environment of the drains function.
type DrainsEnvironment struct {
	Stack                    string            `env:"STACK_NAME"` // tells the stack's queues from those of others
	LogGroup                 string            `env:"LOG_GROUP_NAME"`
	StreamPrefix             string            `env:"LOG_STREAM_PREFIX"`
	QueuePrefix              string            `env:"QUEUE_PREFIX"`
	StorageFunction          string            `env:"DRAIN_STORAGE_FUNCTION,required,notEmpty"` // name or ARN
	DeadLetterQueueARN       string            `env:"DEAD_LETTER_QUEUE_ARN,required,notEmpty"`
	MaxReceiveCount          int               `env:"MAX_RECEIVE_COUNT"`
	SigningKey               string            `env:"SIGNING_KEY_SECRET,required,notEmpty"` // name or ARN
	VisibilityTimeoutSeconds int               `env:"QUEUE_VISIBILITY_TIMEOUT_SECONDS"`
	BatchSize                int               `env:"BATCH_SIZE"`
	BatchWindowSeconds       int               `env:"BATCH_WINDOW_SECONDS"`
	MaximumConcurrency       int               `env:"MAXIMUM_CONCURRENCY"`                  // 0: no limit
	Tags                     map[string]string `env:"RESOURCE_TAGS" envKeyValSeparator:"="` // of the resources that the function creates
}

// StorageEnvironment is the environment of the storage function.
type StorageEnvironment struct {
	LogGroup      string     `env:"LOG_GROUP_NAME"`
	StreamPrefix  string     `env:"LOG_STREAM_PREFIX"`
	QueuePrefix   string     `env:"QUEUE_PREFIX"`
	RetentionDays int        `env:"RETENTION_DAYS"`   // of the log group; 0: its events never expire
	AlertsQueue   string     `env:"ALERTS_QUEUE_URL"` // empty: lines are not matched against alert rules
	AppMetrics    AppMetrics `env:"APP_METRICS"`
	DedupTable    string     `env:"DEDUP_TABLE"` // name or ARN; empty: DedupWarm
	// MaxReceiveCount says how often a message is tried before it becomes a dead letter.
	MaxReceiveCount int `env:"MAX_RECEIVE_COUNT"`
}

// AlertsEnvironment is the environment of the alerts function.
type AlertsEnvironment struct {
	Stack        string `env:"STACK_NAME"`
	LogGroup     string `env:"LOG_GROUP_NAME"`
	StreamPrefix string `env:"LOG_STREAM_PREFIX"`
	QueuePrefix  string `env:"QUEUE_PREFIX"`
	Table        string `env:"ALERTS_TABLE,required,notEmpty"`     // name or ARN
	Topic        string `env:"ALERTS_TOPIC_ARN,required,notEmpty"` // receives the notifications
	Queue        string `env:"ALERTS_QUEUE_URL,required,notEmpty"` // receives the reports, and the function's own ticks
}

// DefaultDrainsEnvironment returns the environment with the defaults of the stack's settings. Fields without a default are empty: the storage
// function, the dead-letter queue and the signing key.
func DefaultDrainsEnvironment() DrainsEnvironment {
	return DrainsEnvironment{
		Stack:                    DefaultName,
		LogGroup:                 DefaultLogGroup,
		StreamPrefix:             DefaultStreamPrefix,
		QueuePrefix:              DefaultQueuePrefix,
		MaxReceiveCount:          DefaultMaxReceiveCount,
		VisibilityTimeoutSeconds: int(QueueVisibilityTimeout.Seconds()),
		BatchSize:                drain.DefaultBatchSize,
		BatchWindowSeconds:       drain.DefaultBatchWindowSeconds,
		MaximumConcurrency:       drain.DefaultMaximumConcurrency,
	}
}

// DefaultStorageEnvironment returns the environment with the defaults of the stack's settings.
func DefaultStorageEnvironment() StorageEnvironment {
	return StorageEnvironment{
		LogGroup:      DefaultLogGroup,
		StreamPrefix:  DefaultStreamPrefix,
		QueuePrefix:   DefaultQueuePrefix,
		RetentionDays: DefaultRetentionDays,
		AppMetrics:    AppMetricsNone,

		MaxReceiveCount: DefaultMaxReceiveCount,
	}
}

// DefaultAlertsEnvironment returns the environment with the defaults of the stack's settings. Fields without a default are empty: the table, the
// topic and the queue.
func DefaultAlertsEnvironment() AlertsEnvironment {
	return AlertsEnvironment{
		Stack:        DefaultName,
		LogGroup:     DefaultLogGroup,
		StreamPrefix: DefaultStreamPrefix,
		QueuePrefix:  DefaultQueuePrefix,
	}
}

// LoadDrainsEnvironment reads the variables of the drains function. A variable that is missing or empty has its default. The error names
// every variable that is required and missing, cannot be parsed, or exceeds AWS's limits.
func LoadDrainsEnvironment(variables map[string]string) (DrainsEnvironment, error) {
	e := DefaultDrainsEnvironment()
	// A variable that cannot be parsed leaves its field with the default, which passes.
	if err := errors.Join(load(&e, variables), e.validate()); err != nil {
		return DrainsEnvironment{}, fmt.Errorf("read the environment of the drains function: %w", err)
	}
	return e, nil
}

// LoadStorageEnvironment reads the variables of the storage function. A variable that is missing or empty has its default. The error names
// every variable that cannot be parsed or is invalid.
func LoadStorageEnvironment(variables map[string]string) (StorageEnvironment, error) {
	e := DefaultStorageEnvironment()
	if err := errors.Join(load(&e, variables), e.validate()); err != nil {
		return StorageEnvironment{}, fmt.Errorf("read the environment of the storage function: %w", err)
	}
	return e, nil
}

// LoadAlertsEnvironment reads the variables of the alerts function. A variable that is missing or empty has its default. The error names every
// variable that is required and missing.
func LoadAlertsEnvironment(variables map[string]string) (AlertsEnvironment, error) {
	e := DefaultAlertsEnvironment()
	if err := load(&e, variables); err != nil {
		return AlertsEnvironment{}, fmt.Errorf("read the environment of the alerts function: %w", err)
	}
	return e, nil
}

// Map returns the variables, as LoadDrainsEnvironment reads them.
func (e DrainsEnvironment) Map() map[string]string { return write(e) }

// Map returns the variables, as LoadStorageEnvironment reads them.
func (e StorageEnvironment) Map() map[string]string { return write(e) }

// Map returns the variables, as LoadAlertsEnvironment reads them.
func (e AlertsEnvironment) Map() map[string]string { return write(e) }

// Names returns the names of the drains' resources.
func (e AlertsEnvironment) Names() drain.Names {
	return drain.Names{LogGroup: e.LogGroup, StreamPrefix: e.StreamPrefix, QueuePrefix: e.QueuePrefix}
}

// Names returns the names of the drains' resources.
func (e DrainsEnvironment) Names() drain.Names {
	return drain.Names{LogGroup: e.LogGroup, StreamPrefix: e.StreamPrefix, QueuePrefix: e.QueuePrefix}
}

// Names returns the names of the drains' resources.
func (e StorageEnvironment) Names() drain.Names {
	return drain.Names{LogGroup: e.LogGroup, StreamPrefix: e.StreamPrefix, QueuePrefix: e.QueuePrefix}
}

// Settings returns the default settings of the stack's drains.
func (e DrainsEnvironment) Settings() drain.Settings {
	s := drain.DefaultSettings()
	s.BatchSize, s.BatchWindowSeconds, s.MaximumConcurrency = e.BatchSize, e.BatchWindowSeconds, e.MaximumConcurrency
	return s
}

func (e StorageEnvironment) validate() error {
	var wrong []error
	if e.RetentionDays < 0 {
		wrong = append(wrong, fmt.Errorf("RETENTION_DAYS must be the log group's retention in days, or 0 if its events never expire, not %d", e.RetentionDays))
	}
	if _, known := e.AppMetrics.Count(); !known {
		wrong = append(wrong, fmt.Errorf("APP_METRICS must be %s, %s or %s, not %q", AppMetricsNone, AppMetricsErrors, AppMetricsAll, e.AppMetrics))
	}
	if n := e.MaxReceiveCount; n < MinReceiveCount || n > MaxReceiveCount {
		wrong = append(wrong, fmt.Errorf("MAX_RECEIVE_COUNT must be %d to %d, not %d", MinReceiveCount, MaxReceiveCount, n))
	}
	return errors.Join(wrong...)
}

func (e DrainsEnvironment) validate() error {
	var wrong []error
	problem := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	deadLetters := drain.QueueName(e.DeadLetterQueueARN)
	switch {
	case e.DeadLetterQueueARN == "": // load has reported it
	case deadLetters == "":
		problem("DEAD_LETTER_QUEUE_ARN must be the ARN of an SQS queue, not %q", e.DeadLetterQueueARN)
	case strings.HasPrefix(deadLetters, e.QueuePrefix):
		problem("QUEUE_PREFIX must not be %q: the dead-letter queue %s begins with it, and would be taken for an app's", e.QueuePrefix, deadLetters)
	}
	if n := len(e.QueuePrefix); n > MaxQueuePrefix {
		problem("QUEUE_PREFIX must have at most %d characters, not %d", MaxQueuePrefix, n)
	}
	if n := e.MaxReceiveCount; n < MinReceiveCount || n > MaxReceiveCount {
		problem("MAX_RECEIVE_COUNT must be %d to %d, not %d", MinReceiveCount, MaxReceiveCount, n)
	}
	if n := e.VisibilityTimeoutSeconds; n < 0 || n > MaxVisibilityTimeoutSeconds {
		problem("QUEUE_VISIBILITY_TIMEOUT_SECONDS must be 0 to %d, not %d", MaxVisibilityTimeoutSeconds, n)
	}
	if err := e.Settings().Validate(); err != nil {
		problem("BATCH_SIZE, BATCH_WINDOW_SECONDS, MAXIMUM_CONCURRENCY: %w", err)
	}
	return errors.Join(wrong...)
}
