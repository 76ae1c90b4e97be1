package awslocal

import (
	"context"
	"net/http"
	"time"

	"heroku-drains/lib/local/awslocal/internal/lambda/esm"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// disturb returns what an injected fault does to a message that is received or deleted.
func (s *Server) disturb(operation, queue string) sqs.Disturbance {
	a := s.faults.match(onMessage, target{service: "sqs", operation: operation, resources: named(queue)})
	if a == nil {
		return sqs.Disturbance{}
	}
	d := sqs.Disturbance{Duplicate: a.Duplicate}
	if a.Shuffle {
		d.Pick = func(n int) int { return s.faults.pick(a, n) }
	}
	return d
}

// pick returns a random number below n.
func (f *faults) pick(a *activeFault, n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return a.random.IntN(n)
}

// transition returns how long a change of an event source mapping takes.
func (s *Server) transition(c esm.Change) time.Duration {
	a := s.faults.match(onTransition, target{
		service: "lambda", operation: c.Operation, resources: named(c.ID, lastOf(c.Queue), lastOf(c.Target)),
	})
	if a == nil {
		return s.opts.TransitionTime
	}
	return a.Transition
}

// skew returns how much AWS's clock is ahead of the clients' for a request, and makes the response show that clock, as AWS's responses do.
func (s *Server) skew(t target, w http.ResponseWriter) time.Duration {
	a := s.faults.match(onSignature, t)
	if a == nil {
		return 0
	}
	w.Header().Set("Date", time.Now().Add(a.Skew).UTC().Format(http.TimeFormat))
	return a.Skew
}

type skewKey struct{}

// withSkew returns a context that holds the skew of a request to the gateway.
func withSkew(ctx context.Context, skew time.Duration) context.Context {
	return context.WithValue(ctx, skewKey{}, skew)
}

func skewOf(ctx context.Context) time.Duration {
	skew, _ := ctx.Value(skewKey{}).(time.Duration)
	return skew
}
