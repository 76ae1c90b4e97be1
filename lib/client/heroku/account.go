package heroku

import (
	"context"
	"fmt"

	platform "github.com/heroku/heroku-go/v6"
)

// Account is whom the API key belongs to.
type Account struct {
	Email string
}

// Account asks Heroku who is calling. That it answers shows that the key is good.
func (c *Client) Account(ctx context.Context) (Account, error) {
	var found *platform.Account
	err := c.retry(ctx, func(ctx context.Context) (err error) {
		found, err = c.service.AccountInfo(ctx)
		return err
	})
	if err != nil {
		return Account{}, fmt.Errorf("look up the Heroku account: %w", err)
	}
	return Account{Email: found.Email}, nil
}
