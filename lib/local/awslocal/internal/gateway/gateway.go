// Package gateway is an HTTP API of Amazon API Gateway in front of Lambda functions, with payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
)

// Quotas of an HTTP API. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	maxBody        = 10 * 1024 * 1024 // "Payload size 10 MB"
	maxHeaders     = 10_240           // "Total combined size of request line and header values 10240 bytes"
	maxIntegration = 30 * time.Second // "Maximum integration timeout 30 seconds"
	maxRoutes      = 300
)

// Config is what a gateway needs of the rest of the embedded AWS.
type Config struct {
	Account awsapi.Account
	Clock   *clock.Clock
	// Invoke runs a function. An *awsapi.Error says that Lambda turned the call down; every other error, that the function failed.
	Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
	// Verify checks a request's signature for the service execute-api and returns the access key id that made it.
	Verify func(r *http.Request, body []byte) (accessKeyID string, err error)
	// IntegrationTimeout is how long a function may take, at most and by default 30 s, in the machine's time.
	IntegrationTimeout time.Duration
	Log                *slog.Logger
}

// Gateway serves routes. It is an http.Handler.
type Gateway struct {
	config Config

	mu     sync.RWMutex
	routes []route
}

// New makes a gateway without routes.
func New(c Config) *Gateway {
	if c.IntegrationTimeout == 0 {
		c.IntegrationTimeout = maxIntegration
	}
	return &Gateway{config: c}
}

// SetRoutes replaces the routes.
func (g *Gateway) SetRoutes(routes []Route) error {
	if len(routes) > maxRoutes {
		return fmt.Errorf("an HTTP API has at most %d routes, not %d", maxRoutes, len(routes))
	}
	parsed := make([]route, 0, len(routes))
	for _, r := range routes {
		p, err := parseRoute(r)
		if err != nil {
			return err
		}
		parsed = append(parsed, p)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.routes = parsed
	return nil
}

// ServeHTTP answers one request as API Gateway does.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := newRequestID()
	w.Header().Set("Apigw-Requestid", id)
	answer, err := g.serve(w, r, id)
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	answer.write(w)
}

func (g *Gateway) serve(w http.ResponseWriter, r *http.Request, id string) (*response, error) {
	if headerSize(r) > maxHeaders {
		return nil, refusal{http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large", nil}
	}
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	g.mu.RLock()
	matched, parameters := match(g.routes, r)
	g.mu.RUnlock()
	if matched == nil {
		return nil, refusal{http.StatusNotFound, "Not Found", nil}
	}
	e := g.newEvent(r, matched.Key, parameters, id, body)
	if matched.IAM {
		key, err := g.config.Verify(r, body)
		if err != nil {
			return nil, refusal{http.StatusForbidden, "Forbidden", err}
		}
		e.RequestContext.Authorizer = g.authorizer(key)
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write the event: %w", err)
	}
	result, err := g.invoke(r.Context(), matched.Function, payload)
	if err != nil {
		return nil, err
	}
	return parseResponse(result)
}

// invoke runs the function. It goes on when the client leaves, and when the gateway has waited long enough.
func (g *Gateway) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.config.IntegrationTimeout)
	defer cancel()
	result, err := g.config.Invoke(ctx, function, payload)
	var turnedDown *awsapi.Error
	switch {
	case err == nil:
		return result, nil
	case errors.Is(err, context.DeadlineExceeded):
		return nil, refusal{http.StatusServiceUnavailable, "Service Unavailable", err}
	case errors.As(err, &turnedDown) && turnedDown.Status == http.StatusRequestEntityTooLarge:
		return nil, refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large", err}
	case errors.As(err, &turnedDown) && turnedDown.Status == http.StatusTooManyRequests:
		return nil, refusal{http.StatusServiceUnavailable, "Service Unavailable", err}
	default:
		return nil, err
	}
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large", err}
	}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	return body, nil
}

// headerSize is the size of the request line and of the values of all headers.
func headerSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len("  ") + len(r.Host)
	for _, values := range r.Header {
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}
