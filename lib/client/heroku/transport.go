package heroku

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

const (
	// accept requests the version of the API that heroku-go was generated for.
	accept    = "application/vnd.heroku+json; version=3"
	userAgent = "heroku-drains-cli"
	// maxResponse is the limit of a response in bytes, much more than a page of 200 apps.
	maxResponse = 4 << 20
)

// transport sends one request for heroku-go. It adds the key, and returns an error response as an *Error. That includes redirects, which the
// key must not follow. It reads the whole body, so that a truncated response fails like a missing one.
type transport struct {
	base   http.RoundTripper
	key    string
	tokens *tokens
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept", accept)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Authorization", "Bearer "+t.key)
	number := t.tokens.begin()
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, &Error{Kind: ErrUnavailable, cause: err}
	}
	defer resp.Body.Close()
	t.tokens.update(number, resp.Header)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return nil, &Error{Kind: ErrUnavailable, cause: fmt.Errorf("read the response: %w", err)}
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return nil, newError(req.Method, resp, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
