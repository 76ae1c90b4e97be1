package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/envelope"
)

const (
	// patience is how long after its arrival a request may be worked on: Logplex waits 5 s, and the answer has to travel.
	patience = 4 * time.Second
	// leastPatience is for a request that is late already, after a slow start or by a clock that differs: one real try.
	leastPatience = 500 * time.Millisecond
)

// Verifier says whether a password is the app's. An error means that it cannot be told now.
type Verifier interface {
	Verify(ctx context.Context, app, password string) (bool, error)
}

// Queue takes all messages of one request, or fails. It tries until the context ends, unless there is no queue: ErrNoQueue.
type Queue interface {
	Send(ctx context.Context, app string, messages []string) error
}

// Why a request is answered with 401.
var (
	errNoCredential  = errors.New("there are no Basic credentials")
	errOtherUser     = errors.New("the user is not the app of the URL")
	errWrongPassword = errors.New("the password is not the app's")
)

// Ingester takes drain requests in.
type Ingester struct {
	verifier Verifier
	queue    Queue
}

// New makes an Ingester.
func New(verifier Verifier, queue Queue) *Ingester {
	return &Ingester{verifier: verifier, queue: queue}
}

// Ingest answers 200 once the whole body is in the queue, 401 for a wrong credential, 404 when the app's drain was deleted, and 503 when
// nothing else helped until 4 s after the request arrived. The error says why it is not 200; it holds no secret and nothing of the body.
func (i *Ingester) Ingest(ctx context.Context, r Request) (status int, err error) {
	ctx, cancel := context.WithDeadline(ctx, deadline(r.ReceivedAt, time.Now()))
	defer cancel()
	if status, err := i.authorize(ctx, r); err != nil {
		return status, err
	}
	if r.Body == "" {
		return http.StatusOK, nil
	}
	messages, err := envelope.Seal(r.header(), r.Body, r.IsBase64)
	if err != nil {
		return http.StatusServiceUnavailable, err
	}
	switch err := i.queue.Send(ctx, r.App, messages); {
	case err == nil:
		return http.StatusOK, nil
	case errors.Is(err, ErrNoQueue):
		return http.StatusNotFound, err
	default:
		return http.StatusServiceUnavailable, err
	}
}

func (i *Ingester) authorize(ctx context.Context, r Request) (status int, err error) {
	basic := http.Request{Header: http.Header{"Authorization": {r.Authorization}}}
	user, password, ok := basic.BasicAuth()
	if !ok {
		return http.StatusUnauthorized, errNoCredential
	}
	if user != r.App {
		return http.StatusUnauthorized, errOtherUser
	}
	good, err := i.verifier.Verify(ctx, r.App, password)
	if err != nil {
		return http.StatusServiceUnavailable, fmt.Errorf("check the password: %w", err)
	}
	if !good {
		return http.StatusUnauthorized, errWrongPassword
	}
	return http.StatusOK, nil
}

// deadline trusts the gateway's clock only as far as it agrees with this machine's.
func deadline(received, now time.Time) time.Time {
	d := received.Add(patience)
	if earliest := now.Add(leastPatience); d.Before(earliest) {
		return earliest
	}
	if latest := now.Add(patience); d.After(latest) {
		return latest
	}
	return d
}
