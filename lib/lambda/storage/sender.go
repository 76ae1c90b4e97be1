package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
)

// Logs is what storing needs of CloudWatch Logs.
type Logs interface {
	PutLogEvents(context.Context, *cloudwatchlogs.PutLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error)
	CreateLogStream(context.Context, *cloudwatchlogs.CreateLogStreamInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error)
}

// sender puts events into one log stream.
type sender struct {
	logs          Logs
	group, stream string
}

// put stores events, and says which of them are stored: CloudWatch rejects those before from, and from to on, and reports no error. A
// stream that was deleted is made again.
func (s sender) put(ctx context.Context, in []types.InputLogEvent) (from, to int, err error) {
	out, err := s.call(ctx, in)
	if isNotFound(err) {
		if err := s.createStream(ctx); err != nil {
			return 0, 0, err
		}
		out, err = s.call(ctx, in)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("put events into log stream %q of log group %q: %w", s.stream, s.group, withoutContents(err))
	}
	from, to = accepted(out.RejectedLogEventsInfo, len(in))
	return from, to, nil
}

func (s sender) call(ctx context.Context, in []types.InputLogEvent) (*cloudwatchlogs.PutLogEventsOutput, error) {
	return s.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: &s.group, LogStreamName: &s.stream, LogEvents: in})
}

// createStream makes the stream. A missing group is an error: one made here would keep its events, and cost, for ever.
func (s sender) createStream(ctx context.Context) error {
	_, err := s.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &s.group, LogStreamName: &s.stream})
	if exists := (*types.ResourceAlreadyExistsException)(nil); errors.As(err, &exists) {
		return nil
	}
	if isNotFound(err) {
		return fmt.Errorf("log group %q does not exist: deploy the stack again, which makes it with its retention: %w", s.group, err)
	}
	if err != nil {
		return fmt.Errorf("make the missing log stream %q of log group %q: %w", s.stream, s.group, err)
	}
	return nil
}

func isNotFound(err error) bool {
	missing := (*types.ResourceNotFoundException)(nil)
	return errors.As(err, &missing)
}

// withoutContents is the error, or no more than its code when AWS found the events themselves invalid: such messages quote values.
func withoutContents(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) && (api.ErrorCode() == "InvalidParameterException" || api.ErrorCode() == "ValidationException") {
		return fmt.Errorf("%s, though the events were made to CloudWatch's limits", api.ErrorCode())
	}
	return err
}

// accepted says which of n events are inside of the times that CloudWatch keeps. The indexes are in the order of time: those up to an end,
// exclusive, are not, nor those from a start.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_RejectedLogEventsInfo.html
func accepted(info *types.RejectedLogEventsInfo, n int) (from, to int) {
	if info == nil {
		return 0, n
	}
	from, to = int(max(aws.ToInt32(info.TooOldLogEventEndIndex), aws.ToInt32(info.ExpiredLogEventEndIndex))), n
	if info.TooNewLogEventStartIndex != nil {
		to = min(n, int(*info.TooNewLogEventStartIndex))
	}
	return min(from, to), to
}
