package local

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/lambda/wiring"
	"heroku-drains/lib/local/awslocal"
)

// The functions' time-outs and memory, as the stack sets them.
const (
	drainsTimeout  = 29 * time.Second
	storageTimeout = 60 * time.Second
	memoryMB       = 256
)

// addFunctions makes both functions known. What they are not told of here has the same default in them as in the stack.
func (s *System) addFunctions(made resources, opts Options) error {
	forStorage := map[string]string{
		"LOG_GROUP_NAME": LogGroup,
		"RETENTION_DAYS": strconv.Itoa(RetentionDays),
	}
	forDrains := map[string]string{
		"LOG_GROUP_NAME":         LogGroup,
		"DRAIN_STORAGE_FUNCTION": StorageFunction,
		"DEAD_LETTER_QUEUE_ARN":  made.deadLetterQueue,
		"SIGNING_KEY_SECRET":     made.signingKey,
	}
	storage, storageErr := wiring.LoadStorage(forStorage)
	drains, drainsErr := wiring.LoadDrains(forDrains)
	if err := errors.Join(storageErr, drainsErr); err != nil {
		return err
	}
	log := func(function string) *slog.Logger { return opts.Logger.With("function", function) }
	return errors.Join(
		s.addFunction(opts, awslocal.Function{Name: StorageFunction, Env: forStorage, Timeout: storageTimeout},
			wiring.Storage(storage, s.AWS.ConfigFor(StorageFunction), log(StorageFunction), nil).Handle),
		s.addFunction(opts, awslocal.Function{Name: DrainsFunction, Env: forDrains, Timeout: drainsTimeout},
			wiring.Drains(drains, s.AWS.ConfigFor(DrainsFunction), log(DrainsFunction)).Handle))
}

// addFunction makes a function known: its binary, or else its handler, as its main hands it to Lambda. It calls AWS under an access
// key of its own name, so that calls can be told apart.
func (s *System) addFunction(opts Options, f awslocal.Function, handle any) error {
	f.AccessKeyID, f.MemoryMB = f.Name, memoryMB
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
