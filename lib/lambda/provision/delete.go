package provision

import (
	"context"
	"fmt"

	"heroku-drains/lib/drain"
)

// Delete removes the parts of the app's drain that exist, and returns the drain that it removed. If there is nothing to remove, it returns a
// *drain.Error with the code NotFound; if the drain is not the one that opts asks for, with DrainReplaced. While Lambda is still changing the
// mapping, it returns DrainBusy and removes nothing.
//
// Messages that wait in the queue are deleted with it: a caller that wants them stored waits first until Get shows an empty queue.
func (m *Manager) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error) {
	if err := drain.ValidateApp(app); err != nil {
		return drain.Drain{}, err
	}
	p, err := m.find(ctx, app)
	if err != nil {
		return drain.Drain{}, err
	}
	if p.foreign {
		return drain.Drain{}, m.errNotOurs(app)
	}
	if opts.KeepLogs {
		p.stream = nil
	}
	if p.dying != nil { // an earlier call may have failed after it had tagged the queue
		if err := m.removeQueue(ctx, app, p.dying); err != nil {
			return drain.Drain{}, err
		}
	}
	if p.none() {
		return drain.Drain{}, &drain.Error{Code: drain.NotFound, Message: fmt.Sprintf("%s has no drain to delete", app)}
	}
	if opts.EventSource != "" && !p.is(opts.EventSource) {
		return drain.Drain{}, errReplaced(app, opts.EventSource)
	}
	// Against the flow of the messages, so that messages in transit find the next part in place.
	if p.live != nil {
		if p.live, err = m.removeMapping(ctx, app, p.live); err != nil {
			return drain.Drain{}, err
		}
	}
	if p.queue != nil {
		if err := m.markDeleted(ctx, app, p.queue); err != nil {
			return drain.Drain{}, err
		}
		if err := m.removeQueue(ctx, app, p.queue); err != nil {
			return drain.Drain{}, err
		}
	}
	if p.stream != nil {
		if err := m.removeStream(ctx, app, p.stream); err != nil {
			return drain.Drain{}, err
		}
	}
	d := m.drain(app, p)
	d.State = drain.Deleting
	return d, nil
}
