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
// that are not given stay as they are. It can be repeated at any time, and reports whether it made a drain where there was nothing. While
// AWS is not ready for it, Put fails with an *Error that says when to come back: DrainBusy or QueueDeletedRecently.
func (m *Manager) Put(ctx context.Context, app string, given Settings) (d Drain, created bool, err error) {
	if err := ValidateApp(app); err != nil {
		return Drain{}, false, err
	}
	if err := given.Validate(); err != nil {
		return Drain{}, false, err
	}
	p, err := m.look(ctx, app)
	if err != nil {
		return Drain{}, false, err
	}
	nothing := p.none()
	for _, pause := range settlePauses {
		d, mapped, err := m.complete(ctx, app, p, given)
		if !errors.Is(err, errMoved) {
			return d, nothing && mapped, err
		}
		if err := wait(ctx, pause); err != nil {
			return Drain{}, false, fmt.Errorf("make the drain of %s: %w", app, err)
		}
		if p, err = m.look(ctx, app); err != nil {
			return Drain{}, false, err
		}
	}
	d, mapped, err := m.complete(ctx, app, p, given)
	if errors.Is(err, errMoved) {
		return Drain{}, false, busy(app, "AWS still shows what was there before")
	}
	return d, nothing && mapped, err
}

// complete acts on what was found. The queue comes first, because only it can be refused for a while after a Delete: then nothing is left
// that was not there before. The mapping comes last, so that the storage function never runs without a stream to write to; of several
// Puts at the same time, the one whose mapping it is has made the drain.
func (m *Manager) complete(ctx context.Context, app string, p parts, given Settings) (d Drain, mapped bool, err error) {
	if p.live == nil && p.deleting {
		return Drain{}, false, busy(app, "its old event source mapping is still being deleted")
	}
	settings := m.defaults.With(p.settings()).With(given)
	if err := settings.Validate(); err != nil { // what was given may not go with what is there
		return Drain{}, false, err
	}
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
	if mapped = p.live == nil; mapped {
		p.live, err = m.makeMapping(ctx, app, settings)
	} else {
		p.live, err = m.updateMapping(ctx, app, p.live, settings)
	}
	if err != nil {
		return Drain{}, false, err
	}
	d = m.drain(app, p)
	d.Settings = settings
	return d, mapped, nil
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
