package cli

import (
	"context"
	"fmt"
)

type getCmd struct{}

// Help is the verb's long help.
func (getCmd) Help() string {
	return `States: active; creating or updating (messages wait in the queue meanwhile); disabled (somebody switched the mapping off: put
switches it on); partial (a part is missing: put makes it); deleting.

The drain URL is not part of it, for it holds the password: put --show-url shows it.

Examples:

    heroku-drains-cli get -a shop
    heroku-drains-cli get -a shop --output json | jq .data.queue.messages`
}

// Run shows the drain.
func (getCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	api, err := s.api(ctx)
	if err != nil {
		return err
	}
	d, err := api.Get(ctx, app)
	if err != nil {
		return fmt.Errorf("get the drain of %s: %w", app, err)
	}
	return s.printDrain(d, false)
}
