package awslocal

import (
	"fmt"
	"io"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/dynamodb"
	"heroku-drains/lib/local/awslocal/internal/gateway"
	"heroku-drains/lib/local/awslocal/internal/lambda"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Function is a Lambda function: a Go function that runs in this process, or a binary that uses the Lambda Runtime API.
type Function = lambda.Function

// Route sends the API gateway's requests for a method and a path to a Function.
type Route = gateway.Route

// AddFunction adds a Lambda function and returns its ARN. It fails if AWS would reject a setting of the function or if the name is in use.
func (s *Server) AddFunction(f Function) (arn string, err error) { return s.lambda.AddFunction(f) }

// SetRoutes replaces the API gateway's routes. The gateway responds with 404 if no route matches.
func (s *Server) SetRoutes(routes []Route) error { return s.gateway.SetRoutes(routes) }

// SetAccessLog sets the format of the API gateway's access log, whose lines AWS would write to a log group of the class Standard. They are metered, and not
// kept. It fails if the format has a variable that is not implemented.
func (s *Server) SetAccessLog(group, format string) error {
	return s.gateway.SetAccessLog(format, func(line string) { s.logs.CountWritten(group, line) })
}

// Table is a table of DynamoDB, on demand.
type Table = dynamodb.Table

// AddTable creates a table, unless it exists, and lets its items expire. It is ready at once. The operations on tables make a client large, and a program
// that runs this AWS needs none of them otherwise.
func (s *Server) AddTable(t Table) error { return s.tables.Add(t) }

// AddTopic creates a topic of SNS, unless it exists, and returns its ARN: see AddTable.
func (s *Server) AddTopic(name string) (arn string, err error) { return s.sns.AddTopic(name) }

// KillFunction ends a function's running invocations and warm processes, as a crash would, and returns how many it ended.
func (s *Server) KillFunction(name string) (int, error) { return s.lambda.Kill(name) }

// FreezeFunction freezes a function's idle processes, as Lambda does between invocations, and resets all connections that no call uses, as AWS
// does within minutes. It returns how many processes it froze: none in process. Each process goes on with its next invocation.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
func (s *Server) FreezeFunction(name string) (int, error) {
	frozen, err := s.lambda.Freeze(name)
	s.idle.reset()
	return frozen, err
}

// LastBatch returns how the last batch of an event source mapping ended, such as "OK" or "PROBLEM: Function call failed". Lambda does not show it
// for queues: its LastProcessingResult is left out.
func (s *Server) LastBatch(mappingUUID string) string { return s.lambda.LastResult(mappingUUID) }

// FunctionLog returns a writer for what a function prints that runs in this process: each Write becomes an event of its log group, as the lines that a
// binary prints. As on AWS without a permission to create log groups, what is printed is lost as long as there is no log group of the function.
func (s *Server) FunctionLog(function string) io.Writer { return s.lambda.Printer(function) }

// newFunctions creates Lambda and the API gateway.
func (s *Server) newFunctions() (err error) {
	s.lambda, err = lambda.New(lambda.Config{
		Account:     s.opts.account(),
		Endpoint:    s.awsURL,
		AccessKeyID: s.opts.AccessKeyID,
		Secret:      s.keys.Secret,
		Intercept:   s.intercept,
		Clock:       s.clock,
		Queues:      mappedQueues{Service: s.sqs, server: s},
		Transition:  s.transition,
		ListLag:     s.opts.Lag.MappingList,
		Journal:     s.disk,
		Meter:       s.meter,
		Print:       func(function, stream string) io.Writer { return s.logs.Printer(lambda.LogGroup(function), stream) },
		Concurrency: s.opts.Concurrency,
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
		Meter:   s.meter,
		Log:     s.opts.Logger,
	})
	return err
}

// verifyAPI checks the signature of a request to the API gateway, and notifies the listeners.
func (s *Server) verifyAPI(r *http.Request, body []byte) (accessKeyID string, err error) {
	caller, err := s.keys.Verify(r, body, skewOf(r.Context()))
	if err != nil {
		return "", err
	}
	if caller.Service != "execute-api" || caller.Region != s.opts.Region {
		return "", fmt.Errorf("the credential is scoped to %s/%s, not to %s/execute-api", caller.Region, caller.Service, s.opts.Region)
	}
	s.calls.notify(Call{
		Service: caller.Service, Operation: r.Method, AccessKeyID: caller.AccessKeyID, Path: r.URL.Path, Query: r.URL.RawQuery, Input: body,
	})
	return caller.AccessKeyID, nil
}
