package awslocal

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/gateway"
	"heroku-drains/lib/local/awslocal/internal/lambda"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Function is a Lambda function: a Go function that runs in this process, or a binary that is driven through the Lambda Runtime API.
type Function = lambda.Function

// Route sends the API gateway's requests for a method and a path to a Function.
type Route = gateway.Route

// AddFunction makes a function known and returns its ARN. It says what is wrong with a setting that AWS would refuse.
func (s *Server) AddFunction(f Function) (arn string, err error) { return s.lambda.AddFunction(f) }

// SetRoutes replaces the API gateway's routes. A path that none matches is 404.
func (s *Server) SetRoutes(routes []Route) error { return s.gateway.SetRoutes(routes) }

// KillFunction ends what a function has in flight as a crash would, and its warm processes, and returns how many there were.
func (s *Server) KillFunction(name string) (int, error) { return s.lambda.Kill(name) }

// newFunctions makes Lambda and the API gateway.
func (s *Server) newFunctions() {
	s.lambda = lambda.New(lambda.Config{
		Account:     s.opts.account(),
		Endpoint:    s.awsURL,
		AccessKeyID: s.opts.AccessKeyID,
		Secret:      s.keys.Secret,
		Intercept: func(ctx context.Context, operation string, do func() ([]byte, error)) ([]byte, error) {
			return s.intercept(ctx, "lambda", operation, do)
		},
		Clock:       s.clock,
		Queues:      s.sqs,
		TransitTime: s.opts.TransitTime,
		Log:         s.opts.Logger,
	})
	s.services["lambda"] = service{
		handler:   s.lambda,
		operation: func(r *http.Request, _ []byte) string { return s.lambda.Operation(r) },
		fail:      restjson.WriteError,
	}
	s.gateway = gateway.New(gateway.Config{
		Account: s.opts.account(),
		Clock:   s.clock,
		Invoke:  s.lambda.Invoke,
		Verify:  s.verifyAPI,
		Log:     s.opts.Logger,
	})
}

// verifyAPI checks the signature of a request to a route that asks for one.
func (s *Server) verifyAPI(r *http.Request, body []byte) (accessKeyID string, err error) {
	caller, err := s.keys.Verify(r, body)
	if err != nil {
		return "", err
	}
	if caller.Service != "execute-api" || caller.Region != s.opts.Region {
		return "", fmt.Errorf("the credential is scoped to %s/%s, not to %s/execute-api", caller.Region, caller.Service, s.opts.Region)
	}
	return caller.AccessKeyID, nil
}

// errLost is what the caller of another service sees of a Drop.
var errLost = errors.New("the connection ended without an answer")

// intercept does a call from one service to another, which does not go over HTTP, as the faults in force have it.
func (s *Server) intercept(ctx context.Context, service, operation string, do func() ([]byte, error)) ([]byte, error) {
	fault, strikes := s.faults.match(service, operation)
	if !strikes {
		return do()
	}
	if fault.Delay > 0 {
		if err := s.clock.Wait(ctx, fault.Delay); err != nil {
			return nil, err
		}
	}
	switch {
	case fault.Drop == DropBefore:
		return nil, errLost
	case fault.Drop == DropAfter:
		_, _ = do()
		return nil, errLost
	case fault.Status != 0:
		return nil, awsapi.Errorf(fault.Status, fault.Code, "%s", fault.Message)
	}
	return do()
}
