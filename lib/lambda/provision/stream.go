package provision

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// stream is the part of a drain that holds the logs.
type stream struct {
	name      string
	lastEvent *time.Time // nil: no event yet
}

// findStream returns nil, nil if the app has no stream. CloudWatch Logs searches by prefix only, and streams of other apps may share it. It orders
// streams by name, so that the app's own comes first.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
func (m *Manager) findStream(ctx context.Context, app string) (*stream, error) {
	name := m.cfg.Names.Stream(app)
	for s, err := range m.streams(ctx, name, aws.Int32(1)) {
		if err != nil || s.name != name {
			return nil, err
		}
		return s, nil
	}
	return nil, nil
}

// streams iterates over the streams whose names start with prefix, with so many in a call; nil: as many as possible. An error is the last pair.
func (m *Manager) streams(ctx context.Context, prefix string, limit *int32) iter.Seq2[*stream, error] {
	return func(yield func(*stream, error) bool) {
		pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(m.logs, &cloudwatchlogs.DescribeLogStreamsInput{
			LogGroupName:        &m.cfg.Names.LogGroup,
			LogStreamNamePrefix: &prefix,
			Limit:               limit,
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if is[*types.ResourceNotFoundException](err) { // no group, no streams
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("list the log streams %s* of %s: %w", prefix, m.cfg.Names.LogGroup, err))
				return
			}
			for _, s := range page.LogStreams {
				if !yield(newStream(s), nil) {
					return
				}
			}
		}
	}
}

func newStream(s types.LogStream) *stream {
	found := &stream{name: aws.ToString(s.LogStreamName)}
	if s.LastEventTimestamp != nil {
		found.lastEvent = new(time.UnixMilli(*s.LastEventTimestamp).UTC())
	}
	return found
}

func (m *Manager) createStream(ctx context.Context, app string) (*stream, error) {
	name := m.cfg.Names.Stream(app)
	_, err := m.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &m.cfg.Names.LogGroup, LogStreamName: &name})
	if err != nil && !is[*types.ResourceAlreadyExistsException](err) {
		return nil, fmt.Errorf("create the log stream %s in %s: %w", name, m.cfg.Names.LogGroup, err)
	}
	return &stream{name: name}, nil
}

func (m *Manager) removeStream(ctx context.Context, app string, s *stream) error {
	_, err := m.logs.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: &m.cfg.Names.LogGroup, LogStreamName: &s.name})
	switch {
	case err == nil, is[*types.ResourceNotFoundException](err):
		return nil
	case is[*types.OperationAbortedException](err):
		return errBusy(app, "CloudWatch Logs is changing its log stream")
	}
	return fmt.Errorf("delete the log stream %s in %s: %w", s.name, m.cfg.Names.LogGroup, err)
}
