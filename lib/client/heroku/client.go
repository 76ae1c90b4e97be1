// Package heroku is the Heroku side of a drain: it manages the log drains of an app with Heroku's Platform API, and recognizes those that
// deliver to our API. https://devcenter.heroku.com/articles/platform-api-reference
//
// It uses heroku-go with its own transport, because heroku-go's retries ignore the context and never stop.
package heroku

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	platform "github.com/heroku/heroku-go/v6"

	"heroku-drains/lib/client/reach"
	"heroku-drains/lib/clock"
)

// Client calls the Platform API for one account. It is safe for concurrent use.
type Client struct {
	http       *http.Client
	calls      calls // send through http
	tokens     *tokens
	pause      func(context.Context, time.Duration) error
	tryTimeout time.Duration
}

// calls are the operations of Heroku's client that are used here. As functions, they let the linker leave out the others: package awscall says
// why it could not otherwise.
type calls struct {
	accountInfo    func(context.Context) (*platform.Account, error)
	appInfo        func(ctx context.Context, name string) (*platform.App, error)
	logDrainCreate func(ctx context.Context, app string, opts platform.LogDrainCreateOpts) (*platform.LogDrain, error)
	logDrainDelete func(ctx context.Context, app, id string) (*platform.LogDrain, error)
	newRequest     func(ctx context.Context, method, path string, body, query any) (*http.Request, error)
}

// New returns a Client for the API that config describes. It does not call the API; use Account to check the key.
func New(config Config) (*Client, error) {
	base, err := config.base()
	if err != nil {
		return nil, err
	}
	if config.Key == "" {
		return nil, ErrNoKey
	}
	if strings.ContainsFunc(config.Key, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the Heroku API key contains invalid characters, such as spaces: check HEROKU_API_KEY")
	}
	c := &Client{pause: config.Pause, tryTimeout: config.TryTimeout}
	if c.pause == nil {
		c.pause = clock.Sleep
	}
	if c.tryTimeout == 0 {
		c.tryTimeout = tryTimeout
	}
	c.tokens = newTokens(c.pause)
	c.http = &http.Client{Transport: &transport{base: reach.NewTransport(), key: config.Key, tokens: c.tokens}}
	service := platform.NewService(c.http)
	service.URL = base.Scheme + "://" + base.Host + strings.TrimSuffix(base.EscapedPath(), "/")
	c.calls = calls{service.AccountInfo, service.AppInfo, service.LogDrainCreate, service.LogDrainDelete, service.NewRequest}
	return c, nil
}

// Least returns how long a number of requests takes at least: an account has 4,500 at most, of which a tenth is left to others, and gets 75 a
// minute. It knows from the latest response how many are left.
func (c *Client) Least(requests int) time.Duration { return c.tokens.least(requests) }

// base returns the URL of the API, after checking that the key may be sent to it.
func (c Config) base() (*url.URL, error) {
	address := c.URL
	if address == "" {
		address = defaultURL
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http", u.User != nil:
		return nil, fmt.Errorf("%s is not a valid URL of the Heroku API: unset HEROKU_API_URL, or set it to a URL such as %s",
			MaskURL(address), defaultURL)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("%s would send the Heroku API key unencrypted: HEROKU_API_URL must start with https://", address)
	}
	return u, nil
}

// isLoopback reports whether the host is this machine.
func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// Account is the Heroku account that the API key belongs to.
type Account struct {
	Email string
}

// Account returns the account of the API key. It fails with ErrUnauthorized if the key is invalid.
func (c *Client) Account(ctx context.Context) (Account, error) {
	var found *platform.Account
	err := c.retry(ctx, func(ctx context.Context) (err error) {
		found, err = c.calls.accountInfo(ctx)
		return err
	})
	if err != nil {
		return Account{}, fmt.Errorf("look up the Heroku account: %w", err)
	}
	return Account{Email: found.Email}, nil
}
