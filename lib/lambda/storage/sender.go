package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Logs is the part of CloudWatch Logs that a Handler uses.
type Logs interface {
	PutLogEvents(context.Context, *cloudwatchlogs.PutLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error)
	CreateLogStream(context.Context, *cloudwatchlogs.CreateLogStreamInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error)
}

// sender puts events into one log stream.
type sender struct {
	logs          Logs
	group, stream string
	// deleted reports whether the stream was deleted on purpose, with its drain.
	deleted func(context.Context) bool
}

// errDrainDeleted is the error of lines that came too late. They fail, and are delivered again if their queue still exists, which it does not for
// long.
var errDrainDeleted = errors.New("the drain was deleted with its log stream: its last lines are not stored")

// put stores events. Its error may be a refusal. Events outside in[from:to] were rejected by CloudWatch Logs, which is not an error. A log
// stream that was deleted is created again, unless its drain was deleted as well.
func (s sender) put(ctx context.Context, in []types.InputLogEvent) (from, to int, err error) {
	out, err := s.call(ctx, in)
	if isNotFound(err) {
		if s.deleted(ctx) {
			return 0, 0, errDrainDeleted
		}
		if err := s.createStream(ctx); err != nil {
			return 0, 0, err
		}
		out, err = s.call(ctx, in)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("put events into log stream %q of log group %q: %w", s.stream, s.group, asRefusal(err))
	}
	from, to = accepted(out.RejectedLogEventsInfo, len(in))
	return from, to, nil
}

func (s sender) call(ctx context.Context, in []types.InputLogEvent) (*cloudwatchlogs.PutLogEventsOutput, error) {
	return s.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: &s.group, LogStreamName: &s.stream, LogEvents: in})
}

// createStream creates the stream. A missing log group is an error, because one created here would never expire its events.
func (s sender) createStream(ctx context.Context) error {
	_, err := s.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &s.group, LogStreamName: &s.stream})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return nil
	}
	if isNotFound(err) {
		return fmt.Errorf("log group %q does not exist; deploy the stack again to create it with its retention: %w", s.group, err)
	}
	if err != nil {
		return fmt.Errorf("create the missing log stream %q of log group %q: %w", s.stream, s.group, err)
	}
	return nil
}

func isNotFound(err error) bool {
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	return missing
}

// accepted returns the range of n events that CloudWatch Logs accepted. The events are sorted by time: those before an end index
// (exclusive) were rejected, and those from a start index on.
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
