package local

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// addFunctions makes both functions known, with the environments that the stack gives them under its default settings.
func (s *System) addFunctions(made resources, opts Options) error {
	forStorage, forDrains := stack.DefaultStorageEnvironment(), stack.DefaultDrainsEnvironment()
	forDrains.StorageFunction = stack.LocalStorageFunction
	forDrains.DeadLetterQueueARN = made.deadLetterQueue
	forDrains.SigningKey = made.signingKey
	drains, err := drainsfunction.New(forDrains, s.AWS.ConfigFor(stack.LocalDrainsFunction), log(opts, stack.LocalDrainsFunction),
		drainsfunction.Options{})
	if err != nil {
		return err
	}
	storage := storagefunction.New(forStorage, s.AWS.ConfigFor(stack.LocalStorageFunction), log(opts, stack.LocalStorageFunction),
		storagefunction.Options{})
	return errors.Join(
		s.addFunction(opts, awslocal.Function{
			Name: stack.LocalStorageFunction, Env: forStorage.Map(), Timeout: stack.StorageTimeout, MemoryMB: stack.StorageMemoryMB,
		}, storage.Handle),
		s.addFunction(opts, awslocal.Function{
			Name: stack.LocalDrainsFunction, Env: forDrains.Map(), Timeout: stack.DrainsTimeout, MemoryMB: stack.DrainsMemoryMB,
		}, drains.Handle))
}

// log returns the logger of a function that runs in process.
func log(opts Options, function string) *slog.Logger { return opts.Logger.With("function", function) }

// addFunction makes a function known: its binary, or else its handler, as its main hands it to Lambda. It calls AWS under an access
// key of its own name, so that calls can be told apart.
func (s *System) addFunction(opts Options, f awslocal.Function, handle any) error {
	f.AccessKeyID = f.Name
	if f.Binary = opts.Binaries[f.Name]; f.Binary != "" {
		f.Output = opts.Output
	} else {
		f.Handler = func(ctx context.Context, payload []byte) ([]byte, error) {
			// A Handler per call: what Invoke returns stands in a buffer that the Handler's other calls write into.
			return lambda.NewHandler(handle).Invoke(ctx, payload)
		}
	}
	_, err := s.AWS.AddFunction(f)
	return err
}
