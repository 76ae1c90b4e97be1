// Package apiclient is a client of the drains API. It signs requests for AWS IAM, retries temporary failures, and returns error responses of
// the API as *Error.
package apiclient

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/reach"
	"heroku-drains/lib/clock"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	// service is the name of API Gateway in the scope of a signature.
	service = "execute-api"
	// requestTimeout is slightly longer than the 30 seconds that the gateway waits for the function of an HTTP API.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	requestTimeout = 32 * time.Second
	// maxResponse is far above the size of a page of drains: a longer response does not come from the drains API.
	maxResponse = 4 << 20
	// maxAttempts is how often a call is sent, the first attempt included.
	maxAttempts = 4
	// maxBackoff is the longest pause between two attempts.
	maxBackoff = 5 * time.Second
)

// Config holds the address of the API and the identity of the caller.
type Config struct {
	URL         string // such as https://abc123.execute-api.eu-west-1.amazonaws.com
	Region      string
	Credentials aws.CredentialsProvider
	// Backoff is the pause before another attempt after a 429 or 5xx; nil: about one second, rising to five.
	Backoff retry.BackoffDelayer
	// Wait waits for that long, or until the context ends; nil: clock.Sleep.
	Wait func(context.Context, time.Duration) error
}

// Client calls one drains API. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	config  Config
	signer  *v4.Signer
	http    *http.Client
	backoff retry.BackoffDelayer
}

// New returns a Client.
func New(config Config) (*Client, error) {
	base, err := url.Parse(config.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the URL of a drains API: it must start with http:// or https://", config.URL)
	}
	if config.Region == "" {
		return nil, errors.New("cannot sign requests: no AWS Region is set")
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	c := &Client{
		base:   base,
		config: config,
		signer: v4.NewSigner(),
		http: &http.Client{
			Transport: reach.NewTransport(),
			Timeout:   requestTimeout,
			// A signature is valid for one address only, so redirects are not followed.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		backoff: config.Backoff,
	}
	if c.backoff == nil {
		c.backoff = retry.NewExponentialJitterBackoff(maxBackoff)
	}
	if c.config.Wait == nil {
		c.config.Wait = clock.Sleep
	}
	return c, nil
}

// call sends a request and decodes the response into out. All calls of this API are idempotent, so it retries them. An error response of the
// API becomes an *Error.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body []byte, out any) (status int, err error) {
	var last error // the error of the previous attempt
	for attempt := 1; ; attempt++ {
		resp, answer, err := c.send(ctx, method, path, query, body)
		if err != nil && ctx.Err() != nil {
			return 0, deadline.With(err, last)
		}
		if err != nil {
			return 0, err
		}
		if resp.StatusCode < http.StatusMultipleChoices && isData(answer) {
			if err := json.Unmarshal(answer, out); err != nil {
				return 0, fmt.Errorf("decode the response of %s: %w", c.base.Redacted(), err)
			}
			return resp.StatusCode, nil
		}
		refusal := newError(resp, answer)
		refusal.Method, refusal.Path = method, strings.TrimPrefix(path, "/")
		if attempt == maxAttempts || !temporary(resp.StatusCode) {
			return 0, refusal
		}
		last = refusal
		if err := c.pause(ctx, attempt, refusal); err != nil {
			return 0, deadline.With(err, last)
		}
	}
}

// isData reports whether a response is a successful response of the drains API.
func isData(answer []byte) bool {
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	return json.Unmarshal(answer, &body) == nil && body.Data != nil
}

// temporary reports whether another attempt may succeed after a response with this status.
func temporary(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError && status != http.StatusNotImplemented
}

func (c *Client) pause(ctx context.Context, attempt int, cause error) error {
	delay, err := c.backoff.BackoffDelay(attempt, cause)
	if err != nil {
		return fmt.Errorf("calculate the pause before the next attempt: %w", err)
	}
	return c.config.Wait(ctx, delay)
}

// send makes one signed request and reads the response.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Response, []byte, error) {
	u := c.base.JoinPath(path)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("create the request: %w", err)
	}
	req.Header.Set("User-Agent", "heroku-drains-cli")
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	credentials, err := c.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("get AWS credentials: %w", err)
	}
	hash := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(hash[:]), service, c.config.Region, time.Now()); err != nil {
		return nil, nil, fmt.Errorf("sign the request: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if unreachable, ok := errors.AsType[*reach.Error](err); ok {
			return nil, nil, unreachable // without the method and the URL that net/http adds
		}
		return nil, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return nil, nil, fmt.Errorf("read the response: %w", err)
	}
	return resp, answer, nil
}
