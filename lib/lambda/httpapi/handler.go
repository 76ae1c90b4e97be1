// Package httpapi answers the requests that API Gateway hands over: the drains API, for callers whom the gateway has identified by IAM,
// and the POSTs of Logplex, which bring a credential of their own.
package httpapi

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/ingest"
)

// Drains are what GET, PUT and DELETE work on: a provision.Manager.
type Drains interface {
	Put(ctx context.Context, app string, given drain.Patch) (d drain.Drain, created bool, err error)
	Get(ctx context.Context, app string) (drain.Drain, error)
	List(ctx context.Context, next string) (page []drain.Drain, following string, err error)
	Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error)
}

// Ingester takes POSTs in: an ingest.Ingester.
type Ingester interface {
	Ingest(context.Context, ingest.Request) (status int, err error)
}

// Passwords make drain URLs: a credential.Verifier.
type Passwords interface {
	Password(ctx context.Context, app string) (string, error)
}

// Handler answers the routes of the API. Its gateway is to send only requests of the management routes that IAM allows.
type Handler struct {
	drains    Drains
	ingester  Ingester
	passwords Passwords
	log       *slog.Logger
}

// New makes a Handler.
func New(drains Drains, ingester Ingester, passwords Passwords, log *slog.Logger) *Handler {
	return &Handler{drains: drains, ingester: ingester, passwords: passwords, log: log}
}

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
)

// Handle answers one request. It never fails: what goes wrong is an answer, and in the log where nobody but us can do anything about it.
func (h *Handler) Handle(ctx context.Context, r request) (response, error) {
	if r.RouteKey == "POST /drains/{app}" {
		return h.post(ctx, r), nil
	}
	answer, err := h.manage(ctx, r)
	if err != nil {
		return h.refuse(ctx, r, err), nil
	}
	return answer, nil
}

func (h *Handler) manage(ctx context.Context, r request) (response, error) {
	switch r.RouteKey {
	case "GET /drains":
		return h.list(ctx, r)
	case "GET /drains/{app}":
		return h.get(ctx, r)
	case "PUT /drains/{app}":
		return h.put(ctx, r)
	case "DELETE /drains/{app}":
		return h.delete(ctx, r)
	}
	return response{}, &refusal{status: http.StatusNotFound, code: drain.NoSuchRoute, message: "no such route: " + r.RouteKey}
}
