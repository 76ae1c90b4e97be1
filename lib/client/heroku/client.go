// Package heroku is the Heroku side of a drain: an app's log drains on Heroku's Platform API, and which of them are ours.
// https://devcenter.heroku.com/articles/platform-api-reference
//
// It is heroku-go with a transport of its own, because heroku-go's retries ignore the context and never give up.
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

	"heroku-drains/lib/clock"

	platform "github.com/heroku/heroku-go/v6"
)

// Client calls the Platform API for one account. It is safe for concurrent use.
type Client struct {
	http       *http.Client
	service    *platform.Service // sends through http
	tokens     *tokens
	pause      func(context.Context, time.Duration) error
	tryTimeout time.Duration
}

// New returns a client of the API that config describes. It asks nothing of the API yet; Account tells whether the key is good.
func New(config Config) (*Client, error) {
	base, err := config.base()
	if err != nil {
		return nil, err
	}
	if config.Key == "" {
		return nil, ErrNoKey
	}
	if strings.ContainsFunc(config.Key, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the Heroku API key has characters that no key has, such as a space: check HEROKU_API_KEY")
	}
	c := &Client{pause: config.Pause, tryTimeout: config.TryTimeout}
	if c.pause == nil {
		c.pause = clock.Sleep
	}
	if c.tryTimeout == 0 {
		c.tryTimeout = tryTimeout
	}
	c.tokens = newTokens(c.pause)
	c.http = &http.Client{Transport: &transport{base: http.DefaultTransport, key: config.Key, tokens: c.tokens}}
	c.service = platform.NewService(c.http)
	c.service.URL = base.Scheme + "://" + base.Host + strings.TrimSuffix(base.EscapedPath(), "/")
	return c, nil
}

// base is the API's address, which the key may be sent to.
func (c Config) base() (*url.URL, error) {
	address := c.URL
	if address == "" {
		address = defaultURL
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http", u.User != nil:
		return nil, fmt.Errorf("%s is no URL of Heroku's API: unset HEROKU_API_URL, or set it to one such as %s", MaskURL(address), defaultURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%s would send the Heroku API key unencrypted: HEROKU_API_URL has to start with https://", address)
	}
	return u, nil
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
