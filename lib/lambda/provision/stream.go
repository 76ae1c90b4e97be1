package provision

import (
	"context"
	"fmt"
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

// findStream returns nil, nil if the app has no stream. CloudWatch Logs searches by prefix only, and streams of other apps may share it.
func (m *Manager) findStream(ctx context.Context, app string) (*stream, error) {
	var found *stream
	name := m.cfg.Names.Stream(app)
	err := m.eachStream(ctx, name, func(s *stream) {
		if s.name == name {
			found = s
		}
	})
	return found, err
}

// eachStream calls use with each stream whose name starts with prefix.
func (m *Manager) eachStream(ctx context.Context, prefix string, use func(*stream)) error {
	pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(m.logs, &cloudwatchlogs.DescribeLogStreamsInput{
		LogGroupName:        &m.cfg.Names.LogGroup,
		LogStreamNamePrefix: &prefix,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if is[*types.ResourceNotFoundException](err) { // no group, no streams
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the log streams %s* of %s: %w", prefix, m.cfg.Names.LogGroup, err)
		}
		for _, s := range page.LogStreams {
			use(newStream(s))
		}
	}
	return nil
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
