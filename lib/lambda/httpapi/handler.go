// Package httpapi handles the requests that API Gateway passes on: those that manage drains, whose callers the gateway has authorized with AWS
// IAM, and the POSTs of Logplex, which have a password.
package httpapi

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/lambda/payload"
	"heroku-drains/lib/stack"
)

// Drains manages drains. A provision.Manager implements it.
type Drains interface {
	Put(ctx context.Context, app string, given drain.Patch) (d drain.Drain, created bool, err error)
	Get(ctx context.Context, app string) (drain.Drain, error)
	List(ctx context.Context, next string, include ...drain.Detail) (page []drain.Drain, following string, err error)
	Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error)
}

// Ingester receives POSTs. An ingest.Ingester implements it.
type Ingester interface {
	Ingest(context.Context, ingest.Request) (status int, err error)
}

// Passwords returns the password of an app's drain URL. A credential.Verifier implements it.
type Passwords interface {
	Password(ctx context.Context, app string) (string, error)
}

// Watcher detects losses that would otherwise be silent. A watch.Watcher implements it.
type Watcher interface {
	// Refused counts a POST that got a response with this status, if lines of the app are lost with it.
	Refused(ctx context.Context, app string, status int)
	// CheckQueues looks for messages that are not stored.
	CheckQueues(ctx context.Context) error
}

// Handler handles the routes of the API. It relies on the gateway to pass on requests that manage drains only if IAM allows them.
type Handler struct {
	drains    Drains
	ingester  Ingester
	passwords Passwords
	watcher   Watcher
	log       *slog.Logger
}

// New returns a Handler.
func New(drains Drains, ingester Ingester, passwords Passwords, watcher Watcher, log *slog.Logger) *Handler {
	return &Handler{drains: drains, ingester: ingester, passwords: passwords, watcher: watcher, log: log}
}

type (
	request  = gateway.Request
	response = gateway.Response
)

// Invoke handles the event of one request, as Handle does. It implements lambda.Handler. A POST is read without encoding/json, which would take
// more time than everything else that is done for it here.
func (h *Handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	if p, err := payload.ReadPost(event); err == nil {
		return json.Marshal(h.post(ctx, p))
	}
	// Each call needs a Handler of its own, because Invoke returns memory that the next call of the same Handler writes to.
	return lambda.NewHandler(h.Handle).Invoke(ctx, event)
}

// Handle handles one request. It never returns an error to the gateway: every failure becomes a response, and is also logged if only the
// operator can fix it. The stack's schedule does get an error, so that Lambda counts it and retries.
func (h *Handler) Handle(ctx context.Context, r request) (response, error) {
	switch r.RouteKey {
	case stack.RoutePost:
		return h.post(ctx, payload.PostOf(r)), nil
	case stack.RouteCheckQueues:
		return response{}, h.watcher.CheckQueues(ctx)
	}
	answer, err := h.manage(ctx, r)
	if err != nil {
		refuser := gateway.Refuser{Function: "drains function", Log: h.log}
		return refuser.Refuse(ctx, r, err), nil
	}
	return answer, nil
}

func (h *Handler) manage(ctx context.Context, r request) (response, error) {
	switch r.RouteKey {
	case stack.RouteList:
		return h.list(ctx, r)
	case stack.RouteGet:
		return h.get(ctx, r)
	case stack.RoutePut:
		return h.put(ctx, r)
	case stack.RouteDelete:
		return h.delete(ctx, r)
	}
	return response{}, gateway.NoSuchRoute(r)
}
