package lambda

import (
	"errors"
	"net/http"
	"path/filepath"
	"runtime"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

func (s *Service) routes() {
	s.mux.Handle("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations", http.HandlerFunc(s.serveInvoke))
	s.mux.Handle("GetFunction", "GET /2015-03-31/functions/{FunctionName}", restjson.Op(http.StatusOK, s.getFunction))
	s.mux.Handle("GetFunctionConfiguration", "GET /2015-03-31/functions/{FunctionName}/configuration",
		restjson.Op(http.StatusOK, s.getFunctionConfiguration))
	s.mux.Handle("GetAccountSettings", "GET /2016-08-19/account-settings", restjson.Op(http.StatusOK, s.getAccountSettings))
}

// serveInvoke implements the operation Invoke, only for synchronous invocations.
func (s *Service) serveInvoke(w http.ResponseWriter, r *http.Request) {
	requestID, response, err := s.invokeRequest(w, r)
	if failed, ok := errors.AsType[*runtimeapi.Failure](err); ok {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		response = failed.Payload
	} else if err != nil {
		restjson.WriteError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amz-Executed-Version", latest)
	w.Header().Set("X-Amzn-Requestid", requestID)
	_, _ = w.Write(response) // fails only if the client has gone
}

func (s *Service) invokeRequest(w http.ResponseWriter, r *http.Request) (requestID string, response []byte, err error) {
	payload, err := awsapi.ReadBody(w, r)
	if err != nil {
		return "", nil, err
	}
	if kind := r.Header.Get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
		return "", nil, restjson.InvalidParameterf("the embedded AWS does not support the invocation type %q", kind)
	}
	for _, option := range []string{"X-Amz-Client-Context", "X-Amz-Durable-Execution-Name", "X-Amz-Tenant-Id"} {
		if r.Header.Get(option) != "" {
			return "", nil, restjson.InvalidParameterf("the embedded AWS does not support %s", option)
		}
	}
	if kind := r.Header.Get("X-Amz-Log-Type"); kind != "" && kind != "None" {
		return "", nil, restjson.InvalidParameterf("the embedded AWS does not support the log type %q", kind)
	}
	f, arn, err := s.qualified(r)
	if err != nil {
		return "", nil, err
	}
	i, err := newInvocation(f, arn, payload)
	if err != nil {
		return "", nil, err
	}
	response, err = s.run(r.Context(), f, i)
	return i.RequestID, response, err
}

// qualified returns the function that a request names, and its ARN. The query may contain the version.
func (s *Service) qualified(r *http.Request) (*function, string, error) {
	name := r.PathValue("FunctionName")
	if qualifier := r.URL.Query().Get("Qualifier"); qualifier != "" {
		name += ":" + qualifier
	}
	return s.find(name)
}

// configuration is the supported part of a function's configuration.
type configuration struct {
	FunctionName, FunctionArn, Runtime, Handler, Version, PackageType string
	Architectures                                                     []string
	Timeout, MemorySize                                               int
	LastModified, State, LastUpdateStatus                             string
	Environment                                                       environment
	LoggingConfig                                                     loggingConfig
}

type environment struct{ Variables map[string]string }

type loggingConfig struct{ LogFormat, LogGroup string }

func (s *Service) getFunctionConfiguration(r *http.Request, _ []byte) (any, error) {
	f, arn, err := s.qualified(r)
	if err != nil {
		return nil, err
	}
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	handler := "bootstrap"
	if f.Binary != "" {
		handler = filepath.Base(f.Binary)
	}
	return &configuration{
		FunctionName: f.Name, FunctionArn: arn, Runtime: "provided.al2023", Handler: handler, Version: latest, PackageType: "Zip",
		Architectures: []string{architecture},
		Timeout:       int(f.Timeout.Seconds()), MemorySize: f.MemoryMB,
		LastModified: f.created.UTC().Format("2006-01-02T15:04:05.000-0700"), State: "Active", LastUpdateStatus: "Successful",
		Environment:   environment{Variables: f.Env},
		LoggingConfig: loggingConfig{LogFormat: "JSON", LogGroup: "/aws/lambda/" + f.Name},
	}, nil
}

func (s *Service) getFunction(r *http.Request, body []byte) (any, error) {
	c, err := s.getFunctionConfiguration(r, body)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Configuration": c, "Code": map[string]string{"RepositoryType": "S3"}}, nil
}

// accountSettings are the limits of an account in a Region that has not asked for others, and what it uses of them.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
type accountSettings struct {
	AccountLimit accountLimit
	AccountUsage accountUsage
}

type accountLimit struct {
	CodeSizeUnzipped, CodeSizeZipped, TotalCodeSize      int64
	ConcurrentExecutions, UnreservedConcurrentExecutions int
}

type accountUsage struct{ FunctionCount, TotalCodeSize int64 }

func (s *Service) getAccountSettings(*http.Request, []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &accountSettings{
		AccountLimit: accountLimit{
			CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800, TotalCodeSize: 80_530_636_800,
			ConcurrentExecutions: s.config.Concurrency, UnreservedConcurrentExecutions: s.config.Concurrency,
		},
		AccountUsage: accountUsage{FunctionCount: int64(len(s.functions))},
	}, nil
}
