package awslocal

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
	"heroku-drains/lib/local/awslocal/internal/cloudwatch"
	"heroku-drains/lib/local/awslocal/internal/gateway"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
	"heroku-drains/lib/local/awslocal/internal/sns"
	"heroku-drains/lib/local/awslocal/internal/sts"
)

// service is one of the AWS services.
type service struct {
	handler   http.Handler
	operation func(r *http.Request, body []byte) string
	fail      func(http.ResponseWriter, error) // writes an error in the service's protocol
}

// jsonService returns a service that uses one of the JSON protocols: X-Amz-Target names the operation.
func jsonService(handler http.Handler) service {
	return service{
		handler:   handler,
		operation: targetOperation,
		fail:      func(w http.ResponseWriter, err error) { awsapi.WriteError(w, "application/x-amz-json-1.1", err) },
	}
}

func targetOperation(r *http.Request, _ []byte) string {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return operation
}

// targets maps the part of X-Amz-Target before the dot to the signing name of the service.
var targets = map[string]string{
	"AmazonSQS":         "sqs",
	"DynamoDB_20120810": "dynamodb",
	"Logs_20140328":     "logs",
	"secretsmanager":    "secretsmanager",
}

// lambdaPath matches the paths of Lambda's REST API, which start with the date of an API version.
var lambdaPath = regexp.MustCompile(`^/\d{4}-\d{2}-\d{2}/`)

// versions maps the versions of the APIs that use the query protocol to the signing names of the services.
var versions = map[string]string{sns.Version: "sns", sts.Version: "sts"}

// signingName returns the signing name of the service that a request is for, or "" if it is for none. AWS tells its services apart by
// host name; here they share one.
func signingName(r *http.Request, body []byte) string {
	target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case target != "":
		return targets[target]
	case strings.HasPrefix(r.URL.Path, cloudwatch.Path):
		return "monitoring"
	case lambdaPath.MatchString(r.URL.Path):
		return "lambda"
	case r.Method == http.MethodPost && r.URL.Path == "/":
		return versions[awsquery.Version(body)]
	}
	return ""
}

// ServerName is the Server header in the AWS endpoint's responses. It lets a client check that it is not talking to something else.
const ServerName = "heroku-drains"

// serveAWS answers one call of the AWS endpoint: it checks the signature, notifies the listeners, and calls the service.
func (s *Server) serveAWS(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", ServerName)
	if s.documents.serve(w, r) {
		return
	}
	if r.Method == http.MethodGet && r.URL.Path == MeterPath {
		s.serveMeter(w, r)
		return
	}
	isCount := r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, FaultsPath+"/")
	if isCount || r.URL.Path == FaultsPath && r.Method == http.MethodPost {
		s.serveFaults(w, r)
		return
	}
	w.Header().Set("X-Amzn-Requestid", awsapi.NewID())
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		awsapi.WriteError(w, "application/json", err)
		return
	}
	name := signingName(r, body)
	svc, ok := s.services[name]
	if !ok {
		awsapi.WriteError(w, "application/json", awsapi.Errorf(http.StatusNotFound, "UnknownOperationException",
			"the embedded AWS does not implement a service for %s %s", r.Method, r.URL.Path))
		return
	}
	operation := svc.operation(r, body)
	call := Call{
		Service: name, Operation: operation, AccessKeyID: sigv4.AccessKeyID(r), Path: r.URL.Path, Query: r.URL.RawQuery, Input: body,
	}
	var mapped []string
	if name == "lambda" {
		var queue string
		queue, call.MappedFunction = s.lambda.Mapped(path.Base(r.URL.Path))
		mapped = []string{lastOf(queue), lastOf(call.MappedFunction)}
	}
	resources := sync.OnceValue(func() []string { return resourcesOf(call, mapped...) }) // reading a large body again takes long, and few faults ask
	t := target{service: name, operation: operation, caller: call.AccessKeyID, resources: resources, input: body}
	caller, err := s.keys.Verify(r, body, s.skew(t, w))
	if err == nil && (caller.Service != name || caller.Region != s.opts.Region) {
		err = fmt.Errorf("%w: the credential must be scoped to %s/%s", sigv4.ErrMismatch, s.opts.Region, name)
	}
	if err != nil {
		svc.fail(w, signatureError(name, err))
		return
	}
	if name == "sqs" {
		call.QueueTags = s.sqs.TagsOfInput(body)
	}
	s.calls.notify(call)
	if caller.AccessKeyID != observer {
		if err := s.rates.check(name, operation); err != nil {
			svc.fail(w, err)
			return
		}
	}
	r = r.WithContext(awsapi.WithCaller(r.Context(), caller.AccessKeyID))
	r.Body = io.NopCloser(bytes.NewReader(body))
	svc.handler = s.noticed(call, svc.handler)
	s.withFaults(t, r.Header.Get("X-Amz-Security-Token"), svc, w, r)
}

// serveAPI answers one request of the API gateway.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	api := service{
		handler: s.gateway,
		fail: func(w http.ResponseWriter, err error) {
			e := awsapi.AsError(err)
			gateway.WriteMessage(w, e.Status, e.Message)
		},
	}
	t := target{
		service: "execute-api", operation: r.Method + " " + r.URL.Path, caller: sigv4.AccessKeyID(r), resources: named(path.Base(r.URL.Path)),
	}
	r = r.WithContext(withSkew(r.Context(), s.skew(t, w)))
	s.withFaults(t, "", api, w, r)
}
