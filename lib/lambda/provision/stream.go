package provision

import (
	"context"
	"fmt"
	"iter"
	"time"

	"heroku-drains/lib/awscall/streamcall"
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
	for s, err := range m.streams(ctx, name, 1) {
		if err != nil || s.name != name {
			return nil, err
		}
		return s, nil
	}
	return nil, nil
}

// streams iterates over the streams whose names start with prefix, with so many in a call; 0: as many as possible. An error is the last pair.
func (m *Manager) streams(ctx context.Context, prefix string, limit int) iter.Seq2[*stream, error] {
	return func(yield func(*stream, error) bool) {
		which := streamcall.List{Group: m.cfg.Names.LogGroup, Prefix: prefix, Limit: limit}
		for {
			page, err := m.logs.List(ctx, which)
			if hasCode(err, streamcall.NotFound) { // no group, no streams
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("list the log streams %s* of %s: %w", prefix, m.cfg.Names.LogGroup, err))
				return
			}
			for _, s := range page.Streams {
				if !yield(newStream(s), nil) {
					return
				}
			}
			if which.Token = page.Token; which.Token == "" {
				return
			}
		}
	}
}

func newStream(s streamcall.Stream) *stream {
	found := &stream{name: s.Name}
	if s.LastEvent != nil {
		found.lastEvent = new(time.UnixMilli(*s.LastEvent).UTC())
	}
	return found
}

func (m *Manager) createStream(ctx context.Context, app string) (*stream, error) {
	name := m.cfg.Names.Stream(app)
	err := m.logs.Create(ctx, m.cfg.Names.LogGroup, name)
	if err != nil && !hasCode(err, streamcall.AlreadyExists) {
		return nil, fmt.Errorf("create the log stream %s in %s: %w", name, m.cfg.Names.LogGroup, err)
	}
	return &stream{name: name}, nil
}

func (m *Manager) removeStream(ctx context.Context, app string, s *stream) error {
	err := m.logs.Delete(ctx, m.cfg.Names.LogGroup, s.name)
	switch {
	case err == nil, hasCode(err, streamcall.NotFound):
		return nil
	case hasCode(err, streamcall.Aborted):
		return errBusy(app, "CloudWatch Logs is changing its log stream")
	}
	return fmt.Errorf("delete the log stream %s in %s: %w", s.name, m.cfg.Names.LogGroup, err)
}
