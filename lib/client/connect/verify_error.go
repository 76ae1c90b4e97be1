package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"heroku-drains/lib/drain"
)

// VerifyError says where a test line was lost: on its way into the queue, or from there into the log stream.
type VerifyError struct {
	Accepted bool // the endpoint accepted it
	Status   int  // the endpoint's response if it did not; 0: none
	Err      error
	Where    string // where the line may be instead
	Log      string // which log says more, such as "the log of the storage function"
}

// Error says what happened and what to do.
func (e *VerifyError) Error() string {
	if e.Accepted {
		return fmt.Sprintf("the drain's endpoint accepted a test line, but the line did not reach the log stream: %v%s; "+
			"see %s", e.Err, e.Where, e.Log)
	}
	switch e.Status {
	case 0:
		return fmt.Sprintf("the drain's endpoint did not respond to a test line: %v; check that the API can be reached from here", e.Err)
	case http.StatusUnauthorized:
		return "the drain's endpoint answered a test line with 401: it rejects the password that it has just issued; " +
			"if the signing key was just changed, try again in a minute"
	case http.StatusNotFound:
		return "the drain's endpoint answered a test line with 404: the drain's queue was deleted in the meantime, or is not visible yet; try again"
	case http.StatusForbidden:
		return "the drain's endpoint answered a test line with 403: something in front of the API blocks POSTs, such as a firewall"
	}
	return fmt.Sprintf("the drain's endpoint answered a test line with %d; see %s", e.Status, e.Log)
}

// IsAccepted reports whether err is a VerifyError whose test line was accepted: the drain's password is good, but the line was not found.
func IsAccepted(err error) bool {
	lost, ok := errors.AsType[*VerifyError](err)
	return ok && lost.Accepted
}

// logOf says where a function's log is.
func (c *Connector) logOf(function string) string {
	if c.Output != "" {
		return c.Output
	}
	return "the log of the " + function + " function"
}

// Unwrap returns the cause.
func (e *VerifyError) Unwrap() error { return e.Err }

// notStored finds out where the line may be, unless the user has interrupted.
func (c *Connector) notStored(ctx context.Context, d drain.Drain, why error) error {
	e := &VerifyError{Accepted: true, Err: why, Log: c.logOf("storage")}
	if errors.Is(ctx.Err(), context.Canceled) && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return e
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	var where []string
	if now, err := c.API.Get(ctx, d.App); err == nil {
		if now.Queue != nil {
			where = append(where, fmt.Sprintf("%d waiting in the queue, %d being stored",
				now.Queue.Waiting()-now.Queue.Received(), now.Queue.Received()))
		}
		if now.EventSource != nil {
			where = append(where, "the event source mapping is "+now.EventSource.State)
		}
	}
	if c.DeadLetters != nil {
		if n, err := c.DeadLetters(ctx, d.App); err == nil {
			where = append(where, fmt.Sprintf("dead letters of the app: %d", n))
		}
	}
	if len(where) > 0 {
		e.Where = " (" + strings.Join(where, ", ") + ")"
	}
	return e
}
