package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"heroku-drains/lib/drain"
)

// VerifyError says on which leg a test line was lost: on the way into the queue, or from there into the log stream.
type VerifyError struct {
	Accepted bool // the endpoint took it
	Status   int  // what the endpoint answered when it did not; 0: nothing
	Err      error
	Where    string // what there is instead of the line in the stream
}

// Error says what happened, and what to do.
func (e *VerifyError) Error() string {
	if e.Accepted {
		return fmt.Sprintf("the drain's endpoint took a test line, but it did not arrive in the log stream: %v%s; "+
			"the storage function's log says why", e.Err, e.Where)
	}
	switch e.Status {
	case 0:
		return fmt.Sprintf("the drain's endpoint did not answer a test line: %v; is the API reachable from here without a proxy?", e.Err)
	case http.StatusUnauthorized:
		return "the drain's endpoint answered a test line with 401: it does not take the password that it has just given out; " +
			"if the signing key was changed a moment ago, try again in a minute"
	case http.StatusNotFound:
		return "the drain's endpoint answered a test line with 404: the drain's queue was deleted meanwhile, or is not visible yet"
	case http.StatusForbidden:
		return "the drain's endpoint answered a test line with 403: something before the API keeps POSTs out, such as a firewall"
	}
	return fmt.Sprintf("the drain's endpoint answered a test line with %d: the function's log says why", e.Status)
}

// Unwrap is what is behind it.
func (e *VerifyError) Unwrap() error { return e.Err }

// notStored looks where the line may be, unless the user does not want to know any more.
func (c *Connector) notStored(ctx context.Context, d drain.Drain, why error) error {
	e := &VerifyError{Accepted: true, Err: why}
	if errors.Is(ctx.Err(), context.Canceled) {
		return e
	}
	ctx, cancel := afterwards(ctx)
	defer cancel()
	var where []string
	if now, err := c.API.Get(ctx, d.App); err == nil {
		if now.Queue != nil {
			where = append(where, fmt.Sprintf("%d messages wait in the queue, %d are being stored",
				now.Queue.Messages+now.Queue.Delayed, now.Queue.InFlight))
		}
		if now.EventSource != nil {
			where = append(where, fmt.Sprintf("the event source mapping is %s (%s)", now.EventSource.State, now.EventSource.LastResult))
		}
	}
	if c.DeadLetters != nil {
		if n, err := c.DeadLetters(ctx, d.App); err == nil {
			where = append(where, fmt.Sprintf("%d of its messages are dead letters", n))
		}
	}
	if len(where) > 0 {
		e.Where = " (" + strings.Join(where, ", ") + ")"
	}
	return e
}
