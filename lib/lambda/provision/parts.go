package provision

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
)

// parts are the parts of one app's drain that exist.
type parts struct {
	stream *stream // nil, like the others, if it does not exist
	queue  *queue
	mappings
	// foreign means that a queue with the app's name exists, but does not belong to this stack. It is not part of the drain.
	foreign bool
	// dying is a queue that Delete has deleted, or tried to. It is not part of the drain.
	dying *queue
}

// find looks up the parts of one app's drain, in parallel.
func (m *Manager) find(ctx context.Context, app string) (parts, error) {
	var p parts
	err := inParallel(
		func() (err error) { p.stream, err = m.findStream(ctx, app); return },
		func() error {
			q, err := m.findQueue(ctx, app)
			p.setQueue(q, m.owns(app, q))
			return err
		},
		func() (err error) { p.mappings, err = m.findMappings(ctx, app); return },
	)
	return p, err
}

// setQueue records the queue with the app's name, or nil.
func (p *parts) setQueue(q *queue, ours bool) {
	p.queue, p.foreign, p.dying = q, false, nil
	switch {
	case q == nil:
	case !ours:
		p.queue, p.foreign = nil, true
	case q.tags[drain.TagDeleted] == drain.Deleted:
		p.queue, p.dying = nil, q
	}
}

func (p parts) none() bool { return p.stream == nil && p.queue == nil && p.live == nil }

// settings returns the drain's settings, with defaults for those that no part has.
func (p parts) settings(defaults drain.Settings) drain.Settings {
	s := defaults
	if p.queue != nil {
		s = s.With(drain.PatchFromTags(p.queue.tags))
	}
	if p.live != nil {
		s = s.With(p.live.scaling.patch())
	}
	return s
}

func (p parts) state() drain.State {
	if p.live == nil && len(p.deleting) > 0 {
		return drain.Deleting
	}
	if p.stream == nil || p.queue == nil || p.live == nil {
		return drain.Partial
	}
	switch p.live.state {
	case stateEnabled:
		return drain.Active
	case stateCreating, stateEnabling:
		return drain.Creating
	case stateDisabling, stateDisabled:
		return drain.Disabled
	default:
		return drain.Updating
	}
}

// drain returns the parts as the API shows them.
func (m *Manager) drain(app string, p parts) drain.Drain {
	d := drain.Drain{App: app, State: p.state(), Settings: p.settings(m.cfg.Defaults), LogGroup: m.cfg.Names.LogGroup}
	if p.stream != nil {
		d.LogStream, d.LastEventAt = p.stream.name, p.stream.lastEvent
	}
	if p.queue != nil {
		d.Queue = &drain.Queue{
			Name: m.cfg.Names.Queue(app),
			URL:  p.queue.url,
			ARN:  m.queueARN(app),
			Counts: &drain.Counts{
				Messages: p.queue.count(types.QueueAttributeNameApproximateNumberOfMessages),
				InFlight: p.queue.count(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible),
				Delayed:  p.queue.count(types.QueueAttributeNameApproximateNumberOfMessagesDelayed),
			},
		}
	}
	if p.live != nil {
		d.EventSource = &drain.EventSource{UUID: p.live.uuid, State: p.live.state}
	}
	return d
}
