package cli

import (
	"context"
	"fmt"
)

type listCmd struct{}

// Help is the verb's long help.
func (listCmd) Help() string {
	return `WAITING counts the messages in a drain's queue that are not stored yet. LAST LINE is the time of the newest line; CloudWatch may
tell it up to an hour late.

Examples:

    heroku-drains-cli list
    heroku-drains-cli list --output json | jq -r '.data[] | select(.state != "active") | .app'`
}

// Run shows all drains.
func (listCmd) Run(ctx context.Context, s *session) error {
	api, err := s.api(ctx)
	if err != nil {
		return err
	}
	p := s.progress("Looking for drains…")
	defer p.stop()
	drains, err := api.List(ctx)
	p.stop()
	if err != nil {
		return fmt.Errorf("list the drains: %w", err)
	}
	if len(drains) == 0 {
		s.note("There are no drains yet: `%s put -a NAME` makes one.", program)
	}
	return s.printDrains(drains)
}
