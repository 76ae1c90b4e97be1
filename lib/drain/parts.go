package drain

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// parts are what is found of one app's drain.
type parts struct {
	stream *stream // nil, like the two others: there is none
	queue  *queue
	mappings
}

// look finds the parts of one app's drain, all at the same time.
func (m *Manager) look(ctx context.Context, app string) (parts, error) {
	var p parts
	err := together(
		func() (err error) { p.stream, err = m.findStream(ctx, app); return },
		func() (err error) { p.queue, err = m.findQueue(ctx, app); return },
		func() (err error) { p.mappings, err = m.findMappings(ctx, app); return },
	)
	return p, err
}

func (p parts) none() bool { return p.stream == nil && p.queue == nil && p.live == nil }

// settings are the drain's own; what no part tells is nil.
func (p parts) settings() Settings {
	var s Settings
	if p.queue != nil {
		s = s.With(tagSettings(p.queue.tags))
	}
	if p.live != nil {
		s = s.With(p.live.settings)
	}
	return s
}

func (p parts) state() State {
	if p.live == nil && p.deleting {
		return Deleting
	}
	if p.stream == nil || p.queue == nil || p.live == nil {
		return Partial
	}
	switch p.live.state {
	case stateEnabled:
		return Active
	case stateCreating, stateEnabling:
		return Creating
	case stateDisabling, stateDisabled:
		return Disabled
	default:
		return Updating
	}
}

// drain puts the parts together to what the API answers.
func (m *Manager) drain(app string, p parts) Drain {
	d := Drain{App: app, State: p.state(), Settings: m.defaults.With(p.settings()), LogGroup: m.cfg.Names.LogGroup}
	if p.stream != nil {
		d.LogStream, d.LastEventAt = p.stream.name, p.stream.lastEvent
	}
	if p.queue != nil {
		d.Queue = &Queue{
			Name:     m.cfg.Names.Queue(app),
			URL:      p.queue.url,
			ARN:      m.queueARN(app),
			Messages: p.queue.count(types.QueueAttributeNameApproximateNumberOfMessages),
			InFlight: p.queue.count(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible),
			Delayed:  p.queue.count(types.QueueAttributeNameApproximateNumberOfMessagesDelayed),
		}
	}
	if p.live != nil {
		d.EventSource = &EventSource{UUID: p.live.uuid, State: p.live.state, LastResult: p.live.lastResult}
	}
	return d
}
