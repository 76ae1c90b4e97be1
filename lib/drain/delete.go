package drain

import (
	"context"
	"fmt"
)

// Delete removes the app's drain, or what is there of it, and reports what it removed; with keepLogs the stream stays. Nothing to remove is
// an *Error, NotFound. A mapping that Lambda is still at work on cannot be deleted: DrainBusy says when to come back, and nothing is
// removed then. Messages that wait in the queue go with it; who wants them stored waits until Get shows an empty queue.
func (m *Manager) Delete(ctx context.Context, app string, keepLogs bool) (Drain, error) {
	if err := ValidateApp(app); err != nil {
		return Drain{}, err
	}
	p, err := m.look(ctx, app)
	if err != nil {
		return Drain{}, err
	}
	if keepLogs {
		p.stream = nil
	}
	if p.none() {
		return Drain{}, &Error{Code: NotFound, Message: fmt.Sprintf("%s has no drain: there is nothing to delete", app)}
	}
	// Against the stream of messages: what still flows finds the next part in place.
	if p.live != nil {
		if p.live, err = m.removeMapping(ctx, app, p.live); err != nil {
			return Drain{}, err
		}
	}
	if p.queue != nil {
		if err := m.removeQueue(ctx, p.queue); err != nil {
			return Drain{}, err
		}
	}
	if p.stream != nil {
		if err := m.removeStream(ctx, app, p.stream); err != nil {
			return Drain{}, err
		}
	}
	d := m.drain(app, p)
	d.State = Deleting
	return d, nil
}
