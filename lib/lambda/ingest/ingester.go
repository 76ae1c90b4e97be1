package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/envelope"
)

const (
	// timeLimit is the time to respond to a request, from its arrival at the gateway: Logplex waits 5 seconds, and the response has to travel.
	timeLimit = 4 * time.Second
	// directTimeLimit is the time to respond to a request that comes from log-shuttle instead of Logplex (see Request.direct). log-shuttle
	// drops a batch after any status of 400 or above, and sends it again only if there is no response within 5 seconds, up to three times in
	// total. So a 503 is worse than no response, and the first copy is worth storing as long as log-shuttle sends others. API Gateway waits 30
	// seconds.
	directTimeLimit = 15 * time.Second
	// minTime is the time for a request that is already late, after a slow cold start or because clocks differ: enough for one attempt.
	minTime = 500 * time.Millisecond
)

// Verifier checks passwords. A credential.Verifier implements it.
type Verifier interface {
	// Verify reports whether a password is the app's. An error means that this is unknown.
	Verify(ctx context.Context, app, password string) (bool, error)
	// RefreshAhead fetches the signing key again, if it soon has to be, until wait returns.
	RefreshAhead(ctx context.Context) (wait func())
}

// Queue takes messages. A Sender implements it.
type Queue interface {
	// Send queues all messages of one request, or fails. It retries until the context ends, unless the app has no queue: ErrNoQueue.
	Send(ctx context.Context, app string, messages []string) error
}

// The reasons for a 401.
var (
	errNoCredential  = errors.New("no Basic credentials")
	errOtherUser     = errors.New("the user is not the app in the URL")
	errWrongPassword = errors.New("wrong password")
)

// Ingester receives POSTs to drain URLs.
type Ingester struct {
	verifier Verifier
	queue    Queue
}

// New returns an Ingester.
func New(verifier Verifier, queue Queue) *Ingester {
	return &Ingester{verifier: verifier, queue: queue}
}

// Ingest returns the status to answer a request with: 200 when the whole body is in the queue, 401 for wrong credentials, 404 if the app has no
// queue, 415 if the body is compressed in a way that it cannot read, and 503 for what a retry could cure, not before 4 seconds after the request
// arrived, or 15 if it is not from Logplex. While somebody guesses passwords, a wrong one gets 429, which Logplex repeats as it does a 503: a
// stranger's guesses are not failures of the API, and raise no alarm. The error is the reason for any status but 200;
// it contains neither secrets nor parts of the body.
func (i *Ingester) Ingest(ctx context.Context, r Request) (status int, err error) {
	ctx, cancel := context.WithDeadline(ctx, deadline(r.ReceivedAt, time.Now(), r.timeLimit()))
	defer cancel()
	if status, err := i.authorize(ctx, r); err != nil {
		return status, err
	}
	if r.Body == "" {
		return http.StatusOK, nil
	}
	r, err = r.decode()
	if err != nil {
		return http.StatusUnsupportedMediaType, err
	}
	messages, err := envelope.Seal(r.header(), r.Body, r.IsBase64)
	if err != nil {
		return http.StatusServiceUnavailable, err
	}
	wait := i.verifier.RefreshAhead(ctx)
	err = i.queue.Send(ctx, r.App, messages)
	wait() // Lambda may freeze the function once it has answered
	switch {
	case err == nil:
		return http.StatusOK, nil
	case errors.Is(err, ErrNoQueue):
		return http.StatusNotFound, err
	default:
		return http.StatusServiceUnavailable, err
	}
}

// authorize returns an error and the status of the response, unless the request has the app's password.
func (i *Ingester) authorize(ctx context.Context, r Request) (status int, err error) {
	basic := http.Request{Header: http.Header{"Authorization": {r.Authorization}}}
	user, password, ok := basic.BasicAuth()
	if !ok {
		return http.StatusUnauthorized, errNoCredential
	}
	if user != r.App {
		return http.StatusUnauthorized, errOtherUser
	}
	ok, err = i.verifier.Verify(ctx, r.App, password)
	switch {
	case errors.Is(err, credential.ErrTooManyLooks):
		return http.StatusTooManyRequests, fmt.Errorf("check the password: %w", err)
	case err != nil:
		return http.StatusServiceUnavailable, fmt.Errorf("check the password: %w", err)
	}
	if !ok {
		return http.StatusUnauthorized, errWrongPassword
	}
	return http.StatusOK, nil
}

// deadline returns when to give up on a request. It trusts the gateway's clock only as far as it agrees with this machine's.
func deadline(received, now time.Time, limit time.Duration) time.Time {
	d := received.Add(limit)
	if earliest := now.Add(minTime); d.Before(earliest) {
		return earliest
	}
	if latest := now.Add(limit); d.After(latest) {
		return latest
	}
	return d
}
