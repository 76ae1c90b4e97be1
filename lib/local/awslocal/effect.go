package awslocal

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// errDropped is the result of a call whose connection a Fault drops.
var errDropped = errors.New("the connection was closed without a response")

// apply calls do, subject to a fault, which may be nil. It returns errDropped if the fault lets the client have no response. kill kills the process
// that makes the call.
func (s *Server) apply(ctx context.Context, a *activeFault, t target, kill func(), do func() error) error {
	if a == nil {
		return do()
	}
	if a.Delay > 0 {
		if err := s.clock.Wait(ctx, a.Delay); err != nil {
			return err
		}
	}
	if a.Kill == KillBefore {
		kill()
		return errDropped
	}
	if a.Remove != RemoveNothing {
		if err := s.remove(a.Remove, t.service, t.input); err != nil {
			s.opts.Logger.Warn("a fault could not remove a resource", "error", err)
		}
	}
	switch a.Drop {
	case DropBefore, Reset:
		return errDropped
	case HangBefore:
		return s.hang(ctx, a)
	}
	if err := a.refusal(t.service); err != nil {
		return err
	}
	err := do()
	switch {
	case a.Kill == KillAfter:
		kill()
		return errDropped
	case a.Drop == HangAfter:
		return s.hang(ctx, a)
	case a.Drop == DropAfter, a.Drop == HalfAnswer:
		return errDropped // the client never learns how it ended
	}
	return err
}

// hang waits until the client goes away or the fault is over.
func (s *Server) hang(ctx context.Context, a *activeFault) error {
	if !a.until.IsZero() {
		if err := s.clock.WaitUntilOr(ctx, a.until, a.removed); err != nil {
			return err
		}
		return errDropped
	}
	select {
	case <-a.removed:
		return errDropped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// withFaults answers a call, subject to the injected faults. process is the session token of the process that makes it, if it is a function's.
func (s *Server) withFaults(t target, process string, svc service, w http.ResponseWriter, r *http.Request) {
	if err := s.disk.Err(); err != nil {
		svc.fail(w, err)
		return
	}
	if s.disk != nil {
		w = &guarded{ResponseWriter: w, disk: s.disk, fail: svc.fail}
	}
	svc.handler = s.recorded(t, svc.handler)
	a := s.faults.match(onCall, t)
	if a == nil {
		svc.handler.ServeHTTP(w, r)
		return
	}
	answer, recorded := w, &recorder{header: make(http.Header), status: http.StatusOK}
	if a.Drop == DropAfter || a.Drop == HangAfter || a.Drop == HalfAnswer || a.Kill == KillAfter {
		answer = recorded
	}
	kill := func() { s.lambda.KillCaller(t.caller, process) }
	err := s.apply(r.Context(), a, t, kill, func() error {
		svc.handler.ServeHTTP(answer, r)
		return nil
	})
	switch {
	case err == nil:
	case errors.Is(err, errDropped):
		switch a.Drop {
		case HalfAnswer:
			recorded.sendHalf(w)
		case Reset:
			reset(w)
			return
		}
		panic(http.ErrAbortHandler) // closes the connection
	case r.Context().Err() != nil: // the client has gone
	default:
		svc.fail(w, err)
	}
}

// reset closes a request's connection so that the client gets an RST.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	resetConnection(connection)
}

// recorder is a ResponseWriter that keeps the response.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

// Header implements http.ResponseWriter.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write implements http.ResponseWriter.
func (r *recorder) Write(p []byte) (int, error) {
	r.body = append(r.body, p...)
	return len(p), nil
}

// sendHalf sends the response's header and the first half of its body.
func (r *recorder) sendHalf(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:len(r.body)/2])    // fails only if the client has gone
	_ = http.NewResponseController(w).Flush() // likewise
}

// intercept does an invocation of a function by another service, which does not go over HTTP, subject to the injected faults.
func (s *Server) intercept(ctx context.Context, function string, do func() ([]byte, error)) (out []byte, err error) {
	t := target{service: "lambda", operation: "Invoke", function: function, resources: named(function)}
	a := s.faults.match(onCall, t)
	invoke := func() (err error) {
		out, err = do()
		return err
	}
	if a != nil && a.Kill != KillNever {
		return s.interceptKill(function, a.Kill, do)
	}
	if err := s.apply(ctx, a, t, func() {}, invoke); err != nil {
		return nil, err
	}
	return out, nil
}

// interceptKill does an invocation, and kills or freezes the function's processes before or after it.
func (s *Server) interceptKill(function string, kill Kill, do func() ([]byte, error)) ([]byte, error) {
	if kill == KillBefore {
		if _, err := s.lambda.Kill(function); err != nil {
			return nil, err
		}
		return do()
	}
	out, err := do()
	var failed error
	if kill == Freeze {
		_, failed = s.FreezeFunction(function)
	} else {
		_, failed = s.lambda.Kill(function)
	}
	if failed != nil {
		s.opts.Logger.Warn("a fault could not end a process", "function", function, "error", failed)
	}
	return out, err
}

// refusal returns the error that a fault responds with, or nil.
func (a *activeFault) refusal(service string) error {
	if a.Refuse != RefuseNever {
		return a.Refuse.of(service, a.Message)
	}
	if a.Status == 0 {
		return nil
	}
	e := awsapi.Errorf(a.Status, a.Code, "%s", a.Message)
	e.QueryCode = a.Code // SQS clients show it; others ignore it
	return e
}
