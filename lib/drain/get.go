package drain

import (
	"context"
	"fmt"
)

// Get is the app's drain as AWS shows it now; a half-made one is a drain too. With none of the parts there it is an *Error, NotFound.
func (m *Manager) Get(ctx context.Context, app string) (Drain, error) {
	if err := ValidateApp(app); err != nil {
		return Drain{}, err
	}
	p, err := m.look(ctx, app)
	if err != nil {
		return Drain{}, err
	}
	if p.none() {
		return Drain{}, notFound(app)
	}
	return m.drain(app, p), nil
}

func notFound(app string) *Error {
	return &Error{Code: NotFound, Message: fmt.Sprintf("%s has no drain: make one with PUT /drains/%s", app, app)}
}
