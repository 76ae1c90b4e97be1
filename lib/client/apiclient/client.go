// Package apiclient calls the drains API: requests signed as AWS IAM wants them, passing failures tried again, refusals as typed errors.
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
	"heroku-drains/lib/clock"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	// service is API Gateway's name in a signature's scope.
	service = "execute-api"
	// requestTimeout is a little over the 30 seconds after which the gateway itself gives up an HTTP API's function.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	requestTimeout = 32 * time.Second
	// maxAnswer is far above a page of drains; what is longer does not come from the drains API.
	maxAnswer = 4 << 20
	// maxAttempts is how often one call is sent in all.
	maxAttempts = 4
	// maxBackoff bounds the pause between two attempts.
	maxBackoff = 5 * time.Second
)

// Config says where the API is and who calls it.
type Config struct {
	URL         string // such as https://abc123.execute-api.eu-west-1.amazonaws.com
	Region      string
	Credentials aws.CredentialsProvider
	// Backoff is the pause before another attempt after a 429 or 5xx; nil: about one second, growing to five.
	Backoff retry.BackoffDelayer
}

// Client calls one drains API. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	config  Config
	signer  *v4.Signer
	http    *http.Client
	backoff retry.BackoffDelayer
}

// New returns a client of the API at config.URL.
func New(config Config) (*Client, error) {
	base, err := url.Parse(config.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is no http:// or https:// URL of a drains API", config.URL)
	}
	if config.Region == "" {
		return nil, errors.New("no AWS region to sign requests for")
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	c := &Client{
		base:   base,
		config: config,
		signer: v4.NewSigner(),
		http: &http.Client{
			Timeout: requestTimeout,
			// A signature holds for one address only, so a redirect is an answer like another.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		backoff: config.Backoff,
	}
	if c.backoff == nil {
		c.backoff = retry.NewExponentialJitterBackoff(maxBackoff)
	}
	return c, nil
}

// call sends one request and reads the answer's JSON into out. Every call of this API is idempotent, so each may be sent again.
// A refusal is an *Error.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body []byte, out any) (status int, err error) {
	var last error // what the API answered to the attempt before
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
				return 0, fmt.Errorf("read the answer of %s: %w", c.base.Redacted(), err)
			}
			return resp.StatusCode, nil
		}
		refusal := newError(resp, answer)
		if attempt == maxAttempts || !passing(resp.StatusCode) {
			return 0, refusal
		}
		last = refusal
		if err := c.pause(ctx, attempt, refusal); err != nil {
			return 0, deadline.With(err, last)
		}
	}
}

// isData tells whether an answer is one of the drains API to what it has done.
func isData(answer []byte) bool {
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	return json.Unmarshal(answer, &body) == nil && body.Data != nil
}

// passing tells the failures that another attempt may not meet.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError && status != http.StatusNotImplemented
}

func (c *Client) pause(ctx context.Context, attempt int, cause error) error {
	delay, err := c.backoff.BackoffDelay(attempt, cause)
	if err != nil {
		return fmt.Errorf("choose the pause before another attempt: %w", err)
	}
	return clock.Sleep(ctx, delay)
}

// send makes one signed request and reads the answer's body.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Response, []byte, error) {
	u := c.base.JoinPath(path)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("User-Agent", "heroku-drains-cli")
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	credentials, err := c.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("find AWS credentials: %w", err)
	}
	hash := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(hash[:]), service, c.config.Region, time.Now()); err != nil {
		return nil, nil, fmt.Errorf("sign the request: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, nil, err // *url.Error: it says what was asked of whom
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	}
	return resp, answer, nil
}
