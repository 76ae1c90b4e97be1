// Package storagefunction builds the handler of the storage function, which stores what is in the drains' queues, from the function's
// environment and an AWS configuration.
package storagefunction

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/caarlos0/env/v11"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/patient"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/stack"
)

// Options are what differs between Lambda and tests.
type Options struct {
	Metrics *metrics.Writer  // nil: no metrics are written
	Now     func() time.Time // nil: time.Now
}

// FromEnvironment builds the handler in Lambda: from environment variables in the form of os.Environ and the SDK's default configuration.
// It writes the metrics to stdout, where Lambda reads them.
func FromEnvironment(ctx context.Context, environ []string, log *slog.Logger, stdout io.Writer) (*storage.Handler, error) {
	e, err := stack.LoadStorageEnvironment(env.ToMap(environ))
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return New(e, cfg, log, Options{Metrics: metrics.NewWriter(stdout, lambdacontext.FunctionName)}), nil
}

// A put that fails because of throttling or an outage is tried this many times, within about half a minute: half of the storage function's
// timeout. Then its messages go back to the queue, and come again after the visibility timeout.
const (
	putAttempts = 8
	putBackoff  = 5 * time.Second

	// putTimeout limits an attempt. A put of 1 MB takes well under a second, and one that was given up too early is stored twice.
	putTimeout = 10 * time.Second

	// settingsTimeout limits an attempt to read a drain's settings: a second one must fit into the few seconds that the lines wait for them.
	settingsTimeout = time.Second
)

// New builds the handler.
func New(e stack.StorageEnvironment, cfg aws.Config, log *slog.Logger, opts Options) *storage.Handler {
	return storage.New(storage.Config{
		Retention: time.Duration(e.RetentionDays) * 24 * time.Hour,
		Names:     e.Names(),
		Logs: cloudwatchlogs.NewFromConfig(patient.LimitAttempts(cfg, putTimeout), func(o *cloudwatchlogs.Options) {
			o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
				s.MaxAttempts, s.MaxBackoff = putAttempts, putBackoff
				s.RateLimiter = ratelimit.None // otherwise an outage would use up the retries of the puts after it
			})
		}),
		Queues:  sqs.NewFromConfig(patient.LimitAttempts(cfg, settingsTimeout)),
		Log:     log,
		Metrics: opts.Metrics,
		Now:     opts.Now,
	})
}
