package local

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// log returns the logger of a function that runs in process. It writes to the Logger of the options, and, as a binary on Lambda does, to the function's
// log group, as JSON and from the level INFO on.
func (s *System) log(opts Options, function string) *slog.Logger {
	printed := slog.NewJSONHandler(s.AWS.FunctionLog(function), &slog.HandlerOptions{ReplaceAttr: lambdacontext.ReplaceAttr})
	return slog.New(slog.NewMultiHandler(opts.Logger.With("function", function).Handler(), withRequestID{printed}))
}

// withRequestID is a handler that adds the ID of the invocation to each record, as lambdacontext.NewLogger does.
type withRequestID struct{ slog.Handler }

// Handle handles a record.
func (h withRequestID) Handle(ctx context.Context, r slog.Record) error {
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("requestId", invocation.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs returns a handler that adds attributes.
func (h withRequestID) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequestID{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns a handler that puts attributes into a group.
func (h withRequestID) WithGroup(name string) slog.Handler {
	return withRequestID{h.Handler.WithGroup(name)}
}
