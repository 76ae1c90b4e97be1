package drain

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errMoved says that a part changed between the look and the step that followed from it: another Put or Delete is at work, or AWS's
// lists have not caught up with its resources. Looking again cures it.
var errMoved = errors.New("the drain changed meanwhile")

func moved(err error) error { return fmt.Errorf("%w: %w", errMoved, err) }

// settlePauses lie between the looks: SQS says that a new queue needs a second until it can be used everywhere. Their sum stays far
// below the 30 s that the gateway waits.
var settlePauses = []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, 1600 * time.Millisecond}

// Put makes the app's drain, or what is missing of it, and brings what is there in line with the stack and the given settings; settings
// that are not given stay as they are. It can be repeated at any time, and reports whether the drain is new. While AWS is not ready for
// it, Put fails with an *Error that says when to come back: DrainBusy or QueueDeletedRecently.
func (m *Manager) Put(ctx context.Context, app string, given Settings) (d Drain, created bool, err error) {
	if err := ValidateApp(app); err != nil {
		return Drain{}, false, err
	}
	if err := given.Validate(); err != nil {
		return Drain{}, false, err
	}
	for _, pause := range settlePauses {
		if d, created, err = m.put(ctx, app, given); !errors.Is(err, errMoved) {
			return d, created, err
		}
		if err := wait(ctx, pause); err != nil {
			return Drain{}, false, fmt.Errorf("make the drain of %s: %w", app, err)
		}
	}
	if d, created, err = m.put(ctx, app, given); errors.Is(err, errMoved) {
		return Drain{}, false, busy(app, "AWS still shows what was there before")
	}
	return d, created, err
}

// put is one round of look and act. The queue comes first, because only it can be refused for a while after a Delete: then nothing is
// left that was not there before. The mapping comes last, so that the storage function never runs without a stream to write to.
func (m *Manager) put(ctx context.Context, app string, given Settings) (Drain, bool, error) {
	p, err := m.look(ctx, app)
	if err != nil {
		return Drain{}, false, err
	}
	if p.live == nil && p.deleting {
		return Drain{}, false, busy(app, "its old event source mapping is still being deleted")
	}
	settings := m.defaults.with(p.settings()).with(given)
	if err := settings.Validate(); err != nil { // what was given may not go with what is there
		return Drain{}, false, err
	}
	created := p.none()
	if p.queue == nil {
		p.queue, err = m.makeQueue(ctx, app, settings)
	} else {
		err = m.updateQueue(ctx, app, p.queue, settings)
	}
	if err != nil {
		return Drain{}, false, err
	}
	if p.stream == nil {
		if p.stream, err = m.makeStream(ctx, app); err != nil {
			return Drain{}, false, err
		}
	}
	if p.live == nil {
		p.live, err = m.makeMapping(ctx, app, settings)
	} else {
		p.live, err = m.updateMapping(ctx, app, p.live, settings)
	}
	if err != nil {
		return Drain{}, false, err
	}
	d := m.drain(app, p)
	d.Settings = settings
	return d, created, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
