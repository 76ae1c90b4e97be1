package awslocal

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
	"heroku-drains/lib/local/awslocal/internal/sts"
)

// service is one AWS service of the endpoint.
type service struct {
	handler   http.Handler
	operation func(r *http.Request, body []byte) string
	fail      func(http.ResponseWriter, error) // answers with an error in the service's protocol
}

// jsonService is a service of the JSON protocols: X-Amz-Target names the operation.
func jsonService(handler http.Handler) service {
	return service{
		handler: handler,
		operation: func(r *http.Request, _ []byte) string {
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			return operation
		},
		fail: func(w http.ResponseWriter, err error) { awsapi.WriteError(w, "application/x-amz-json-1.1", err) },
	}
}

func stsOperation(_ *http.Request, body []byte) string { return sts.Operation(body) }

// targets are the JSON services by what stands before the dot in X-Amz-Target.
var targets = map[string]string{
	"AmazonSQS":      "sqs",
	"Logs_20140328":  "logs",
	"secretsmanager": "secretsmanager",
}

// lambdaPath: the paths of Lambda's REST API begin with the date of an API version.
var lambdaPath = regexp.MustCompile(`^/\d{4}-\d{2}-\d{2}/`)

// signingName tells which service a request is for, as AWS tells by the host name.
func signingName(r *http.Request) string {
	target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case target != "":
		return targets[target]
	case lambdaPath.MatchString(r.URL.Path):
		return "lambda"
	case r.Method == http.MethodPost && r.URL.Path == "/":
		return "sts"
	}
	return ""
}

// ServerName is the Server header of the AWS endpoint's answers, for clients that have to be sure whom they talk to.
const ServerName = "heroku-drains"

// serveAWS answers one call of the AWS endpoint: signature, record, faults, service.
func (s *Server) serveAWS(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", ServerName)
	w.Header().Set("X-Amzn-Requestid", awsapi.NewID())
	name := signingName(r)
	svc, ok := s.services[name]
	if !ok {
		awsapi.WriteError(w, "application/json", awsapi.Errorf(http.StatusNotFound, "UnknownOperationException",
			"the embedded AWS has no service for %s %s", r.Method, r.URL.Path))
		return
	}
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		svc.fail(w, err)
		return
	}
	caller, err := s.keys.Verify(r, body)
	if err == nil && (caller.Service != name || caller.Region != s.opts.Region) {
		err = fmt.Errorf("%w: the credential should be scoped to %s/%s", sigv4.ErrMismatch, s.opts.Region, name)
	}
	if err != nil {
		svc.fail(w, signatureError(name, err))
		return
	}
	operation := svc.operation(r, body)
	call := Call{
		Service: name, Operation: operation, AccessKeyID: caller.AccessKeyID, Path: r.URL.Path, Query: r.URL.RawQuery, Input: body,
	}
	if name == "lambda" {
		call.Mapped = s.lambda.Mapped(path.Base(r.URL.Path))
	}
	s.calls.tell(call)
	r = r.WithContext(awsapi.WithCaller(r.Context(), caller.AccessKeyID))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.withFaults(name, operation, svc, w, r)
}

// withFaults answers a call as the faults in force have it.
func (s *Server) withFaults(name, operation string, svc service, w http.ResponseWriter, r *http.Request) {
	fault, strikes := s.faults.match(name, operation)
	if !strikes {
		svc.handler.ServeHTTP(w, r)
		return
	}
	if fault.Delay > 0 && s.clock.Wait(r.Context(), fault.Delay) != nil {
		return // nobody waits for the answer any more
	}
	switch {
	case fault.Drop == DropBefore:
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case fault.Drop == DropAfter:
		svc.handler.ServeHTTP(discard{header: make(http.Header)}, r)
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		e := awsapi.Errorf(fault.Status, fault.Code, "%s", fault.Message)
		e.QueryCode = fault.Code // which SQS's clients show, and the others' do not read
		svc.fail(w, e)
	default:
		svc.handler.ServeHTTP(w, r)
	}
}

// discard is where an answer goes that gets lost.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
