package local

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/lambda/alertsfunction"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// addFunctions adds the functions, with the environments that a stack with default settings gives them.
func (s *System) addFunctions(r resources, opts Options) error {
	forStorage, forDrains, forAlerts := stack.DefaultStorageEnvironment(), stack.DefaultDrainsEnvironment(), stack.DefaultAlertsEnvironment()
	forStorage.AlertsQueue = r.alerts.queueURL
	if opts.Dedup == stack.DedupDurable {
		forStorage.DedupTable = stack.LocalDedupTable
	}
	forAlerts.Table, forAlerts.Topic, forAlerts.Queue = stack.LocalAlertsTable, r.alerts.topic, r.alerts.queueURL
	forDrains.StorageFunction = stack.LocalStorageFunction
	forDrains.DeadLetterQueueARN = r.deadLetterQueue
	forDrains.SigningKey = r.signingKey
	timeout := stack.StorageTimeout
	if opts.Retry > 0 {
		timeout = opts.Retry
		forDrains.VisibilityTimeoutSeconds = int(opts.Retry.Seconds())
	}
	drains, err := drainsfunction.New(forDrains, s.AWS.ConfigFor(stack.LocalDrainsFunction), s.log(opts, stack.LocalDrainsFunction),
		drainsfunction.Options{Now: s.AWS.Now, Metrics: s.metrics(stack.LocalDrainsFunction)})
	if err != nil {
		return err
	}
	storage := storagefunction.New(forStorage, s.AWS.ConfigFor(stack.LocalStorageFunction), s.log(opts, stack.LocalStorageFunction),
		storagefunction.Options{Rules: opts.Rules, Metrics: s.metrics(stack.LocalStorageFunction)})
	alerts, err := alertsfunction.New(forAlerts, s.AWS.ConfigFor(stack.LocalAlertsFunction), s.log(opts, stack.LocalAlertsFunction),
		alertsfunction.Options{
			Rules: opts.Rules, Now: s.AWS.Now, Program: cmp.Or(opts.Program, "heroku-drains-cli") + " " + stack.LocalFlags(s.AWS.APIURL(), s.AWS.AWSURL()), Metrics: s.metrics(stack.LocalAlertsFunction),
		})
	if err != nil {
		return err
	}
	return errors.Join(
		s.addFunction(opts, awslocal.Function{
			Name: stack.LocalStorageFunction, Env: forStorage.Map(), Timeout: timeout, MemoryMB: stack.StorageMemoryMB,
		}, storage),
		s.addFunction(opts, awslocal.Function{
			Name: stack.LocalDrainsFunction, Env: forDrains.Map(), Timeout: stack.DrainsTimeout, MemoryMB: stack.DrainsMemoryMB,
		}, drains),
		s.addFunction(opts, awslocal.Function{
			Name: stack.LocalAlertsFunction, Env: forAlerts.Map(), Timeout: stack.AlertsTimeout, MemoryMB: stack.AlertsMemoryMB,
		}, alerts.Handle))
}

// addFunction adds a function: its binary, or its handler if there is none. The function calls AWS with an access key of its own name, so that
// the calls of the functions can be told apart.
func (s *System) addFunction(opts Options, f awslocal.Function, handle any) error {
	f.AccessKeyID = f.Name
	if f.Binary = opts.Binaries[f.Name]; f.Binary != "" {
		f.Output = opts.Output
	} else {
		f.Handler = InProcess(handle)
	}
	_, err := s.AWS.AddFunction(f)
	return err
}

// metrics returns the writer of a function's metrics, which are lines of its log, as on Lambda.
func (s *System) metrics(function string) *metrics.Writer {
	return metrics.NewWriter(s.AWS.FunctionLog(function), function)
}

// InProcess returns a handler for awslocal.Function that calls handle, which is what lambda.Start takes. It is safe for concurrent use.
func InProcess(handle any) func(ctx context.Context, payload []byte) ([]byte, error) {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		// Each call needs a new Handler, because Invoke returns a buffer that other calls of the same Handler write to.
		return lambda.NewHandler(handle).Invoke(ctx, payload)
	}
}
