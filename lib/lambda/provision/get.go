package provision

import (
	"context"
	"fmt"

	"heroku-drains/lib/drain"
)

// Get returns the app's drain as AWS shows it now, even if only some of its parts exist. If none exists, it returns a *drain.Error with the
// code NotFound.
func (m *Manager) Get(ctx context.Context, app string) (drain.Drain, error) {
	if err := drain.ValidateApp(app); err != nil {
		return drain.Drain{}, err
	}
	p, err := m.find(ctx, app)
	if err != nil {
		return drain.Drain{}, err
	}
	if p.none() {
		return drain.Drain{}, &drain.Error{
			Code: drain.NotFound, Message: fmt.Sprintf("%s has no drain; create one with PUT /drains/%s", app, app),
		}
	}
	return m.drain(app, p), nil
}
