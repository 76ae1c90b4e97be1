// Package alertsfunction builds the handler of the alerts function, which tells people what log lines matched the alert rules, from the function's
// environment and an AWS configuration.
package alertsfunction

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/caarlos0/env/v11"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/awscall/dynamocall"
	"heroku-drains/lib/awscall/snscall"
	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/awsconfig"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/patient"
	"heroku-drains/lib/lambda/rulesfile"
	"heroku-drains/lib/stack"
)

// Options are what differs between Lambda and tests.
type Options struct {
	Rules   *alert.Set       // nil: the default rules
	Now     func() time.Time // nil: time.Now
	Metrics *metrics.Writer  // nil: metrics are dropped
	Program string           // see message.Composer
}

// FromEnvironment builds the handler in Lambda: from environment variables in the form of os.Environ, the AWS configuration in them, and the rules
// in the function's folder. It writes metrics to stdout, where Lambda reads them.
func FromEnvironment(ctx context.Context, environ []string, log *slog.Logger, stdout io.Writer) (*alerting.Handler, error) {
	variables := env.ToMap(environ)
	e, err := stack.LoadAlertsEnvironment(variables)
	if err != nil {
		return nil, err
	}
	// The variable names the folder with the function's code.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
	rules, err := rulesfile.Load(variables["LAMBDA_TASK_ROOT"])
	if err != nil {
		log.ErrorContext(ctx, "the alert rules cannot be read: using the default rules", "error", err)
	}
	cfg, err := awsconfig.FromEnvironment()
	if err != nil {
		return nil, err
	}
	return New(e, cfg, log, Options{Rules: rules, Metrics: metrics.NewWriter(stdout, lambdacontext.FunctionName)})
}

const (
	// attempts and maxBackoff are how often a call is tried that fails because of throttling or an outage, within about ten seconds of the
	// function's timeout. Then its messages go back to the queue, and come again after the visibility timeout.
	attempts   = 6
	maxBackoff = 2 * time.Second

	// callTimeout limits an attempt. A call usually takes some milliseconds. SNS may have published what it did not answer.
	callTimeout = 3 * time.Second
)

// New builds the handler. It fails if the topic's ARN cannot be parsed.
func New(e stack.AlertsEnvironment, cfg aws.Config, log *slog.Logger, opts Options) (*alerting.Handler, error) {
	topic, err := arn.Parse(e.Topic)
	if err != nil {
		return nil, fmt.Errorf("parse the ARN of the alerts topic %q: %w", e.Topic, err)
	}
	if opts.Rules == nil {
		opts.Rules = alert.Defaults()
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Metrics == nil {
		opts.Metrics = metrics.NewWriter(io.Discard, "")
	}
	cfg = patient.LimitAttempts(cfg, callTimeout)
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = attempts, maxBackoff
			o.RateLimiter = ratelimit.None // otherwise an outage would use up the retries of the calls after it
		})
	}
	return alerting.New(alerting.Config{
		Rules:   opts.Rules,
		Table:   table.New(dynamocall.New(dynamodb.NewFromConfig(cfg)), e.Table, opts.Now),
		Topic:   alerting.SNS{Client: snscall.New(sns.NewFromConfig(cfg)), TopicARN: e.Topic},
		Clock:   alerting.SQS{Client: sqscall.NewSender(sqs.NewFromConfig(cfg)), QueueURL: e.Queue},
		Writer:  message.Composer{Stack: e.Stack, Region: cfg.Region, Account: topic.AccountID, Names: e.Names(), Program: opts.Program},
		Log:     log,
		Metrics: opts.Metrics,
		Now:     opts.Now,
	}), nil
}
