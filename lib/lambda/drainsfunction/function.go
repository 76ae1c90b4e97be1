// Package drainsfunction builds the handler of the drains function, which manages drains and receives what Heroku sends, from the function's
// environment and an AWS configuration.
package drainsfunction

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/caarlos0/env/v11"

	"heroku-drains/lib/awscall/mappingcall"
	"heroku-drains/lib/awscall/metricscall"
	"heroku-drains/lib/awscall/safeclient"
	"heroku-drains/lib/awscall/secretscall"
	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/awscall/streamcall"
	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/awsconfig"
	"heroku-drains/lib/lambda/httpapi"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/patient"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/lambda/signingkey"
	"heroku-drains/lib/lambda/watch"
	"heroku-drains/lib/stack"
)

// Options are what differs between Lambda and tests.
type Options struct {
	Now     func() time.Time // measures the age of cached signing keys; nil: the wall clock
	Metrics *metrics.Writer  // nil: metrics are dropped
}

// FromEnvironment builds the handler in Lambda: from environment variables in the form of os.Environ and the AWS configuration in them.
// It writes metrics to stdout, where Lambda reads them.
func FromEnvironment(environ []string, log *slog.Logger, stdout io.Writer) (*httpapi.Handler, error) {
	e, err := stack.LoadDrainsEnvironment(env.ToMap(environ))
	if err != nil {
		return nil, err
	}
	cfg, err := awsconfig.FromEnvironment()
	if err != nil {
		return nil, err
	}
	cfg.HTTPClient = safeclient.New(awshttp.NewBuildableClient().WithTransportOptions(keepConnections))
	h, passwords, err := build(e, cfg, log, Options{Metrics: metrics.NewWriter(stdout, lambdacontext.FunctionName)})
	if err == nil {
		passwords.RefreshAhead(context.Background()) // while Lambda starts the function, so that the first POST need not wait for it
	}
	return h, err
}

// keepConnections lets all connections wait for the next call. The SDK keeps ten to a host, but a list reads 32 queues at a time, and would open
// most connections anew.
func keepConnections(t *http.Transport) { t.MaxIdleConnsPerHost = t.MaxIdleConns }

// callTimeout limits an attempt of a call. All attempts that the SDK makes of a call, three, fit into the function's timeout.
const callTimeout = 5 * time.Second

// New builds the handler. It fails if the dead-letter queue's ARN cannot be parsed.
func New(e stack.DrainsEnvironment, cfg aws.Config, log *slog.Logger, opts Options) (*httpapi.Handler, error) {
	h, _, err := build(e, cfg, log, opts)
	return h, err
}

// build builds the handler and its verifier of passwords.
func build(e stack.DrainsEnvironment, cfg aws.Config, log *slog.Logger, opts Options) (*httpapi.Handler, *credential.Verifier, error) {
	deadLetterQueue, err := arn.Parse(e.DeadLetterQueueARN)
	if err != nil {
		return nil, nil, fmt.Errorf("parse the ARN of the dead-letter queue %q: %w", e.DeadLetterQueueARN, err)
	}
	if opts.Now == nil {
		opts.Now = wallClock
	}
	if opts.Metrics == nil {
		opts.Metrics = metrics.NewWriter(io.Discard, "")
	}
	cfg = patient.LimitAttempts(cfg, callTimeout)
	manager := provision.NewManager(provision.Config{
		Stack:             e.Stack,
		Names:             e.Names(),
		StorageFunction:   e.StorageFunction,
		DeadLetterQueue:   deadLetterQueue,
		MaxReceiveCount:   e.MaxReceiveCount,
		VisibilityTimeout: time.Duration(e.VisibilityTimeoutSeconds) * time.Second,
		Defaults:          e.Settings(),
		Tags:              e.Tags,
	}, sqscall.NewQueues(sqs.NewFromConfig(cfg)), streamcall.New(cfg), mappingcall.New(cfg))

	// lib/lambda/patient retries the calls that Logplex waits for, so the SDK does not.
	key := signingkey.NewSource(
		secretscall.NewReader(secretsmanager.NewFromConfig(cfg, func(o *secretsmanager.Options) { o.Retryer = aws.NopRetryer{} })), e.SigningKey)
	sender := ingest.NewSender(sqscall.NewSender(sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })), func(app string) arn.ARN {
		queue := deadLetterQueue // which is in the same account and Region
		queue.Resource = e.Names().Queue(app)
		return queue
	})
	passwords := credential.NewVerifier(key.Keys, opts.Now)
	watcher := watch.New(watch.Config{
		SQS: sqscall.NewQueues(sqs.NewFromConfig(cfg)), CloudWatch: metricscall.New(cloudwatch.NewFromConfig(cfg)), Names: e.Names(), DeadLetterQueue: deadLetterQueue.Resource,
		Metrics: opts.Metrics, Log: log, Now: opts.Now,
	})
	return httpapi.New(manager, ingest.New(passwords, sender), passwords, watcher, log), passwords, nil
}

// wallClock returns the time without Go's monotonic clock, which may stand still while Lambda has the function frozen: cached keys must not be
// used for longer than their TTL.
func wallClock() time.Time { return time.Now().Round(0) }
