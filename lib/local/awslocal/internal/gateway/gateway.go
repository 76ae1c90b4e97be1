// Package gateway implements an HTTP API of Amazon API Gateway in front of Lambda functions, with payload format 2.0.
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
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Quotas of an HTTP API. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	maxBody        = 10 * 1024 * 1024 // "Payload size 10 MB"
	maxHeaders     = 10_240           // "Total combined size of request line and header values 10240 bytes"
	maxIntegration = 30 * time.Second // "Maximum integration timeout 30 seconds"
	maxRoutes      = 300
)

// Config holds what a gateway needs from the rest of the embedded AWS.
type Config struct {
	Account awsapi.Account
	Clock   *clock.Clock
	// Invoke runs a function. An *awsapi.Error means that Lambda rejected the call; any other error, that the function failed.
	Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
	// Verify checks a request's signature for the service execute-api and returns the access key ID it was made with.
	Verify func(r *http.Request, body []byte) (accessKeyID string, err error)
	// IntegrationTimeout is how long a function may take, in the machine's time. The default and the maximum are 30 s.
	IntegrationTimeout time.Duration
	Meter              *meter.Meter // nil: nothing is counted
	Log                *slog.Logger
}

// Gateway passes requests on to functions. It is an http.Handler.
type Gateway struct {
	config Config

	mu     sync.RWMutex
	routes []route
	log    accessLog
}

// New returns a Gateway without routes.
func New(c Config) *Gateway {
	if c.IntegrationTimeout == 0 {
		c.IntegrationTimeout = maxIntegration
	}
	return &Gateway{config: c}
}

// SetRoutes replaces the routes. If it fails, the routes stay as they were.
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
	x := &exchange{id: newRequestID(), request: r, began: time.Now()}
	w.Header().Set("Apigw-Requestid", x.id)
	answer, err := g.serve(w, x)
	if err != nil {
		refused := refusalOf(err)
		x.refused, x.status = &refused, refused.status
		g.note(x)
		g.refuse(w, r, refused)
		return
	}
	x.status, x.answered = answer.status, len(answer.body)
	g.note(x)
	answer.write(w)
}

func (g *Gateway) serve(w http.ResponseWriter, x *exchange) (*response, error) {
	r := x.request
	if headerSize(r) > maxHeaders {
		return nil, refusal{status: http.StatusRequestHeaderFieldsTooLarge}
	}
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	x.sent = len(body)
	g.mu.RLock()
	matched, parameters := match(g.routes, r)
	g.mu.RUnlock()
	if matched == nil {
		return nil, refusal{status: http.StatusNotFound}
	}
	x.route = matched.Key
	e := g.newEvent(r, matched.Key, parameters, x.id, body)
	if matched.IAM {
		key, err := g.config.Verify(r, body)
		if err != nil {
			return nil, refusal{status: http.StatusForbidden, cause: err}
		}
		e.RequestContext.Authorizer = g.authorizer(key)
		x.user = e.RequestContext.Authorizer.IAM.UserARN
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

// invoke runs the function and waits for its result, up to IntegrationTimeout. The function keeps running after that, and also if the
// client goes away.
func (g *Gateway) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.config.IntegrationTimeout)
	defer cancel()
	result, err := g.config.Invoke(ctx, function, payload)
	if err == nil {
		return result, nil
	}
	rejected, ok := errors.AsType[*awsapi.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, refusal{status: http.StatusServiceUnavailable, cause: err}
	case ok && rejected.Status == http.StatusRequestEntityTooLarge:
		// The event exceeds Lambda's 6 MB: as base64, a body of about 4.4 MB does. AWS does not document the status of an HTTP API. A REST API
		// answers 413: https://github.com/koki-develop/lgtm-generator/issues/10
		return nil, refusal{status: http.StatusRequestEntityTooLarge, cause: err}
	case ok && rejected.Status == http.StatusTooManyRequests:
		return nil, refusal{status: http.StatusServiceUnavailable, cause: err}
	default:
		return nil, err
	}
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody { // there is no need to wait for it
		w.Header().Set("Connection", "close")
		return nil, refusal{status: http.StatusRequestEntityTooLarge}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, refusal{status: http.StatusRequestEntityTooLarge, cause: err}
	}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	return body, nil
}

// headerSize returns the size of the request line and of all header values, in bytes.
func headerSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len("  ") + len(r.Host)
	for _, values := range r.Header {
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}
