// Package wiring builds the handlers of both functions from their environment and an AWS configuration.
package wiring

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/httpapi"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/lambda/signingkey"
)

// DrainsConfig is the environment of the drains function.
type DrainsConfig struct {
	LogGroup          string  `env:"LOG_GROUP_NAME" envDefault:"/heroku/apps"`
	StreamPrefix      string  `env:"LOG_STREAM_PREFIX" envDefault:"[APP]"`
	QueuePrefix       string  `env:"QUEUE_PREFIX" envDefault:"APP_"`
	StorageFunction   string  `env:"DRAIN_STORAGE_FUNCTION,required,notEmpty"` // name or ARN
	DeadLetterQueue   arn.ARN `env:"DEAD_LETTER_QUEUE_ARN,required,notEmpty"`
	MaxReceiveCount   int     `env:"MAX_RECEIVE_COUNT" envDefault:"5"`
	SigningKeySecret  string  `env:"SIGNING_KEY_SECRET,required,notEmpty"` // name or ARN
	VisibilityTimeout int     `env:"QUEUE_VISIBILITY_TIMEOUT_SECONDS" envDefault:"360"`
	BatchSize         int     `env:"BATCH_SIZE" envDefault:"10"`
	BatchWindow       int     `env:"BATCH_WINDOW_SECONDS" envDefault:"0"`
	MaxConcurrency    int     `env:"MAXIMUM_CONCURRENCY" envDefault:"0"` // 0: no limit

	Tags map[string]string `env:"RESOURCE_TAGS" envKeyValSeparator:"="` // key=value,key=value; of what is made at run time
}

// SQS's limits. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const (
	maxReceiveCount      = 1_000
	maxVisibilityTimeout = 43_200 // seconds: 12 hours
	maxQueuePrefix       = 50     // characters: a queue's name has 80, an app's 30
)

// LoadDrains reads a DrainsConfig. Its error names every variable that is missing, cannot be read, or does not fit AWS's limits.
func LoadDrains(environ map[string]string) (DrainsConfig, error) {
	cfg, err := load[DrainsConfig](environ)
	if err == nil {
		err = cfg.validate()
	}
	if err != nil {
		return DrainsConfig{}, fmt.Errorf("read the drains function's environment: %w", err)
	}
	return cfg, nil
}

func (c DrainsConfig) validate() error {
	var wrong []error
	problem := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if c.DeadLetterQueue.Service != "sqs" {
		problem("DEAD_LETTER_QUEUE_ARN is %s: give the ARN of a queue", c.DeadLetterQueue)
	}
	if strings.HasPrefix(c.DeadLetterQueue.Resource, c.QueuePrefix) {
		problem("QUEUE_PREFIX is %q, and the dead-letter queue %s would be taken for an app's: give them different beginnings",
			c.QueuePrefix, c.DeadLetterQueue.Resource)
	}
	if len(c.QueuePrefix) > maxQueuePrefix {
		problem("QUEUE_PREFIX has %d characters: give at most %d", len(c.QueuePrefix), maxQueuePrefix)
	}
	if c.MaxReceiveCount < 1 || c.MaxReceiveCount > maxReceiveCount {
		problem("MAX_RECEIVE_COUNT is %d: give 1 to %d", c.MaxReceiveCount, maxReceiveCount)
	}
	if c.VisibilityTimeout < 0 || c.VisibilityTimeout > maxVisibilityTimeout {
		problem("QUEUE_VISIBILITY_TIMEOUT_SECONDS is %d: give 0 to %d", c.VisibilityTimeout, maxVisibilityTimeout)
	}
	if err := c.mapping().Validate(); err != nil {
		problem("BATCH_SIZE, BATCH_WINDOW_SECONDS, MAXIMUM_CONCURRENCY: %w", err)
	}
	return errors.Join(wrong...)
}

// mapping returns the settings of new drains' mappings.
func (c DrainsConfig) mapping() drain.Patch {
	return drain.Patch{BatchSize: &c.BatchSize, BatchWindowSeconds: &c.BatchWindow, MaximumConcurrency: &c.MaxConcurrency}
}

// Drains builds the drains function's handler.
func Drains(cfg DrainsConfig, awsConfig aws.Config, log *slog.Logger) *httpapi.Handler {
	names := drain.Names{LogGroup: cfg.LogGroup, StreamPrefix: cfg.StreamPrefix, QueuePrefix: cfg.QueuePrefix}
	manager := provision.NewManager(provision.Config{
		Names:             names,
		StorageFunction:   cfg.StorageFunction,
		DeadLetterQueue:   cfg.DeadLetterQueue,
		MaxReceiveCount:   cfg.MaxReceiveCount,
		VisibilityTimeout: time.Duration(cfg.VisibilityTimeout) * time.Second,
		Defaults:          drain.DefaultSettings().With(cfg.mapping()),
		Tags:              cfg.Tags,
	}, sqs.NewFromConfig(awsConfig), cloudwatchlogs.NewFromConfig(awsConfig), lambda.NewFromConfig(awsConfig))

	// What Logplex waits for is tried again by lib/lambda/patient, and not by the SDK as well.
	key := signingkey.NewSource(
		secretsmanager.NewFromConfig(awsConfig, func(o *secretsmanager.Options) { o.Retryer = aws.NopRetryer{} }), cfg.SigningKeySecret)
	sender := ingest.NewSender(sqs.NewFromConfig(awsConfig, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} }), names.Queue)
	passwords := credential.NewVerifier(key.Keys, wallClock)
	return httpapi.New(manager, ingest.New(passwords, sender), passwords, log)
}

// wallClock goes on while Lambda has the function frozen, which Go's monotonic clock may not do: kept keys must not outlive their time.
func wallClock() time.Time { return time.Now().Round(0) }
