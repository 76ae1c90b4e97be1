// Package storagefunction builds the handler of the storage function, which stores what is in the drains' queues, from the function's
// environment and an AWS configuration.
package storagefunction

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/caarlos0/env/v11"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/lambda/awsconfig"
	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/patient"
	"heroku-drains/lib/lambda/putevents"
	"heroku-drains/lib/lambda/rulesfile"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/stack"
)

// Options are what differs between Lambda and tests.
type Options struct {
	Rules   *alert.Set       // nil: the default rules
	Metrics *metrics.Writer  // nil: no metrics are written
	Now     func() time.Time // nil: time.Now
}

// FromEnvironment builds the handler in Lambda: from environment variables in the form of os.Environ and the AWS configuration in them.
// It writes the metrics to stdout, where Lambda reads them. Alert rules that are wrong do not keep it from storing lines: they are logged and
// counted, and the default rules apply.
func FromEnvironment(ctx context.Context, environ []string, log *slog.Logger, stdout io.Writer) (*storage.Handler, error) {
	variables := env.ToMap(environ)
	e, err := stack.LoadStorageEnvironment(variables)
	if err != nil {
		return nil, err
	}
	cfg, err := awsconfig.FromEnvironment()
	if err != nil {
		return nil, err
	}
	written := metrics.NewWriter(stdout, lambdacontext.FunctionName)
	rules, err := rulesfile.Load(variables["LAMBDA_TASK_ROOT"])
	if err != nil {
		log.ErrorContext(ctx, "the default alert rules apply instead of alerts.yaml: deploy the stack again", "error", err)
		if err := written.Write(time.Now(), metrics.Batch{AlertsNotSent: 1}); err != nil {
			log.WarnContext(ctx, "metrics not written", "error", err)
		}
	}
	return New(e, cfg, log, Options{Metrics: written, Rules: rules}), nil
}

// A put that fails because of throttling or an outage is tried this many times, within about half a minute: half of the storage function's
// timeout. Then its messages go back to the queue, and come again after the visibility timeout.
const (
	putAttempts = 8
	putBackoff  = 5 * time.Second

	// putTimeout limits an attempt. A put of 1 MB takes well under a second, and one that was given up too early is stored twice.
	putTimeout = 10 * time.Second

	// queueTimeout limits an attempt to read a drain's settings, or to send what lines matched: a second one must fit into the few seconds that a
	// batch waits for them.
	queueTimeout = time.Second
)

const (
	// claimAttempts is how often a call of DynamoDB is tried, within a few seconds: a message that cannot be claimed comes again.
	claimAttempts = 4
	claimBackoff  = 500 * time.Millisecond

	// claimTimeout limits an attempt. A write takes some milliseconds.
	claimTimeout = time.Second

	// lastTry is the delivery of a message from which on it is stored even if it cannot be claimed.
	lastTry = 3
)

// newClaims returns the claims of all instances of the function, or nil if each one recognizes only what it has stored itself.
func newClaims(e stack.StorageEnvironment, cfg aws.Config, now func() time.Time) storage.Claims {
	if e.DedupTable == "" {
		return nil
	}
	cfg = patient.LimitAttempts(cfg, claimTimeout)
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts, s.MaxBackoff = claimAttempts, claimBackoff
			s.RateLimiter = ratelimit.None
		})
	}
	return claims.New(claims.Config{DB: itemcall.New(cfg), Name: e.DedupTable, Now: now, LastTry: min(lastTry, e.MaxReceiveCount)})
}

// New builds the handler.
func New(e stack.StorageEnvironment, cfg aws.Config, log *slog.Logger, opts Options) *storage.Handler {
	queues := sqscall.NewSender(sqs.NewFromConfig(patient.LimitAttempts(cfg, queueTimeout)))
	var alerts storage.Alerts
	if e.AlertsQueue != "" {
		if opts.Rules == nil {
			opts.Rules = alert.Defaults()
		}
		alerts = storage.Alerts{
			Matcher: func(app string) storage.Matcher { return opts.Rules.Matcher(app) }, QueueURL: e.AlertsQueue, Queue: queues,
		}
	}
	return storage.New(storage.Config{
		Retention: time.Duration(e.RetentionDays) * 24 * time.Hour,
		Names:     e.Names(),
		Logs: logscall.NewWriter(cloudwatchlogs.NewFromConfig(patient.LimitAttempts(cfg, putTimeout), putevents.EncodeOnce, func(o *cloudwatchlogs.Options) {
			o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
				s.MaxAttempts, s.MaxBackoff = putAttempts, putBackoff
				s.RateLimiter = ratelimit.None // otherwise an outage would use up the retries of the puts after it
			})
		})),
		Queues:  queues,
		Claims:  newClaims(e, cfg, opts.Now),
		LastTry: min(lastTry, e.MaxReceiveCount),
		Alerts:  alerts,
		Log:     log,
		Metrics: opts.Metrics,
		ByApp:   e.AppMetrics,
		Now:     opts.Now,
	})
}
