package provision

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
)

// retryPauses are the pauses between the attempts of one Put: SQS says that it takes a second until a new queue can be used everywhere. Their
// sum is far below the 30 s that the gateway waits.
func retryPauses() []time.Duration {
	return []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, 1600 * time.Millisecond}
}

// Put creates the app's drain, or its missing parts, and updates the others according to the stack and the change of settings. It can be
// repeated at any time. created reports whether this call created the drain: at most logs that a Delete kept existed before. While AWS is not
// ready, it returns a *drain.Error that says when to try again: DrainBusy or QueueDeletedRecently.
func (m *Manager) Put(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error) {
	if err := drain.ValidateApp(app); err != nil {
		return drain.Drain{}, false, err
	}
	if err := change.Validate(); err != nil {
		return drain.Drain{}, false, err
	}
	p, err := m.find(ctx, app)
	if err != nil {
		return drain.Drain{}, false, err
	}
	nothing := p.queue == nil && p.live == nil
	for _, pause := range retryPauses() {
		d, mapped, err := m.complete(ctx, app, p, change)
		if !errors.Is(err, errStale) {
			return d, nothing && mapped, err
		}
		if err := clock.Sleep(ctx, pause); err != nil {
			return drain.Drain{}, false, fmt.Errorf("create the drain for %s: %w", app, err)
		}
		if p, err = m.find(ctx, app); err != nil {
			return drain.Drain{}, false, err
		}
	}
	d, mapped, err := m.complete(ctx, app, p, change)
	if errors.Is(err, errStale) {
		return drain.Drain{}, false, errBusy(app, "AWS still shows the state before the last change")
	}
	return d, nothing && mapped, err
}

// keepQueue updates an existing queue. If there is no mapping, it first makes sure that the queue is not being deleted.
func (m *Manager) keepQueue(ctx context.Context, app string, p parts, settings drain.Settings) error {
	if p.live == nil {
		if err := m.confirmQueue(ctx, app, p.queue); err != nil {
			return err
		}
	}
	return m.updateQueue(ctx, app, p.queue, settings)
}

// complete creates and updates parts, given those that exist. The queue comes first, because SQS may refuse to create it for a while after a
// Delete: then nothing else has been created. The mapping comes last, so that the storage function never runs without a stream to write to. Of
// several Puts at the same time, the one that creates the mapping is the one that created the drain.
func (m *Manager) complete(ctx context.Context, app string, p parts, change drain.Patch) (d drain.Drain, mapped bool, err error) {
	if p.foreign {
		return drain.Drain{}, false, m.errNotOurs(app)
	}
	if p.live == nil && len(p.deleting) > 0 {
		return drain.Drain{}, false, errBusy(app, "its old event source mapping is still being deleted")
	}
	settings := p.settings(m.cfg.Defaults).With(change)
	if err := settings.Validate(); err != nil { // the change may contradict a setting that stays
		return drain.Drain{}, false, err
	}
	if p.queue == nil && p.dying != nil { // it is confirmed below that SQS is not deleting it
		p.queue = p.dying
	}
	if p.queue == nil {
		p.queue, err = m.createQueue(ctx, app, settings)
	} else {
		err = m.keepQueue(ctx, app, p, settings)
	}
	if err != nil {
		return drain.Drain{}, false, err
	}
	if p.stream == nil {
		if p.stream, err = m.createStream(ctx, app); err != nil {
			return drain.Drain{}, false, err
		}
	}
	if mapped = p.live == nil; mapped {
		p.live, err = m.createMapping(ctx, app, settings)
	} else {
		p.live, err = m.updateMapping(ctx, app, p.live, settings)
	}
	if err != nil {
		return drain.Drain{}, false, err
	}
	d = m.drain(app, p)
	d.Settings = settings
	return d, mapped, nil
}
