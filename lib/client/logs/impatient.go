package logs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// errNoAnswer is the error of a call that took longer than answerTime.
var errNoAnswer = fmt.Errorf("no answer within %s", answerTime)

// impatient is a Client whose calls end after answerTime.
type impatient struct{ Client }

type options = func(*cloudwatchlogs.Options)

func (i impatient) FilterLogEvents(
	ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...options,
) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	return call(ctx, i.Client.FilterLogEvents, in, opts)
}

func (i impatient) StartQuery(ctx context.Context, in *cloudwatchlogs.StartQueryInput, opts ...options) (*cloudwatchlogs.StartQueryOutput, error) {
	return call(ctx, i.Client.StartQuery, in, opts)
}

func (i impatient) GetQueryResults(
	ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...options,
) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	return call(ctx, i.Client.GetQueryResults, in, opts)
}

func call[In, Out any](ctx context.Context, do func(context.Context, In, ...options) (Out, error), in In, opts []options) (Out, error) {
	limited, cancel := context.WithTimeoutCause(ctx, answerTime, errNoAnswer)
	defer cancel()
	out, err := do(limited, in, opts...)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return out, err
}
