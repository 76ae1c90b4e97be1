package heroku

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

const (
	// accept asks for the version of the API that heroku-go is made from.
	accept    = "application/vnd.heroku+json; version=3"
	userAgent = "heroku-drains-cli"
	// maxAnswer is far above a page of 200 apps.
	maxAnswer = 4 << 20
)

// transport is what heroku-go sends one request through: with the key, and with a refusal as an *Error. A redirect is one, too: the key
// must not follow it. The answer is read here, so that one that ends halfway is a failure like no answer at all.
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
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, &Error{Kind: ErrUnavailable, cause: err}
	}
	defer resp.Body.Close()
	t.tokens.saw(resp.Header)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, &Error{Kind: ErrUnavailable, cause: fmt.Errorf("read the answer: %w", err)}
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return nil, newError(req.Method, resp, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
