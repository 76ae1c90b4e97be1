package cli

import (
	"context"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
)

// sidesToRead returns both sides for a verb that changes nothing. Without a Heroku key, it says that Heroku is skipped.
func (s *session) sidesToRead(ctx context.Context) (*installation.Sides, error) {
	both, err := s.SidesToRead(ctx)
	if err == nil && both.NoKey {
		s.Note("Heroku was not looked at: %s.", heroku.ErrNoKey)
	}
	return both, err
}
