package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

// Limits and defaults of a function's settings.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const (
	defaultTimeout  = 3 * time.Second
	maxTimeout      = 900 * time.Second
	defaultMemoryMB = 128
	maxMemoryMB     = 10_240
)

var functionName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// Function is a Lambda function: a Go function that runs in this process, or a binary that uses the Lambda Runtime API.
type Function struct {
	Name string // 1 to 64 of A-Za-z0-9_-

	// Handler runs in this process. Its context has the deadline, and a lambdacontext with the request ID and the ARN.
	Handler func(ctx context.Context, payload []byte) ([]byte, error)
	// Binary is the path of a bootstrap. Exactly one of Handler and Binary must be set.
	Binary string
	Env    map[string]string // Binary's environment in addition to Lambda's own variables; at most 4 KB
	Output io.Writer         // receives the output of Binary in whole lines, one Write at a time; may be nil

	Timeout     time.Duration // default 3 s, at most 15 minutes; AWS allows only whole seconds
	MemoryMB    int           // default 128, at most 10,240; passed to Binary but not enforced
	AccessKeyID string        // the credentials that Binary gets; default Config.AccessKeyID
}

// runner runs a function's invocations. Kill ends the running ones, as a crash would, and returns how many processes or calls it ended. KillProcess
// ends those of one process, which has a session token of its own. Freeze stops idle processes until their next invocation.
type runner interface {
	Invoke(ctx context.Context, i runtimeapi.Invocation) ([]byte, runtimeapi.Used, error)
	Kill() int
	KillProcess(sessionToken string)
	Freeze() (frozen int, err error)
	Close()
}

type function struct {
	Function
	arn     string
	created time.Time
	runner  runner
	running chan struct{} // contains one token for each running invocation
}

// AddFunction adds a function and returns its ARN. It fails if the name is in use.
func (s *Service) AddFunction(f Function) (string, error) {
	if f.Timeout == 0 {
		f.Timeout = defaultTimeout
	}
	if f.MemoryMB == 0 {
		f.MemoryMB = defaultMemoryMB
	}
	if f.AccessKeyID == "" {
		f.AccessKeyID = s.config.AccessKeyID
	}
	run, err := s.newRunner(&f)
	if err != nil {
		return "", fmt.Errorf("add function %q: %w", f.Name, err)
	}
	arn := s.arn(f.Name)
	if !s.addFunction(f, arn, run) {
		return "", restjson.Errorf(http.StatusConflict, "ResourceConflictException", "Function already exist: %s", f.Name)
	}
	s.mappings.FunctionAdded(f.Name)
	return arn, nil
}

// addFunction adds a function, and reports false if its name is in use.
func (s *Service) addFunction(f Function, arn string, run runner) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.functions[f.Name] != nil {
		return false
	}
	s.functions[f.Name] = &function{
		Function: f,
		arn:      arn,
		created:  s.config.Clock.Now(),
		runner:   run,
		running:  make(chan struct{}, maxConcurrency),
	}
	return true
}

func (s *Service) newRunner(f *Function) (runner, error) {
	switch {
	case !functionName.MatchString(f.Name):
		return nil, fmt.Errorf("the name must match %s", functionName)
	case f.Timeout < 0 || f.Timeout > maxTimeout:
		return nil, fmt.Errorf("the timeout must be at most %s", maxTimeout)
	case f.MemoryMB < defaultMemoryMB || f.MemoryMB > maxMemoryMB:
		return nil, fmt.Errorf("the memory size must be %d to %d MB", defaultMemoryMB, maxMemoryMB)
	case (f.Handler == nil) == (f.Binary == ""):
		return nil, errors.New("either Handler or Binary must be set")
	case f.Handler != nil:
		return newInProcess(f.Handler), nil
	}
	if err := checkEnv(f.Env); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(f.Binary)
	if err != nil {
		return nil, fmt.Errorf("find the binary: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("find the binary: %w", err)
	}
	f.Binary = path
	secret := s.config.Secret(f.AccessKeyID)
	sink := &sink{to: f.Output}
	return runtimeapi.NewPool(runtimeapi.Program{
		Binary:  path,
		Environ: func() []string { return s.environ(f, secret) },
		Output: func(environ []string) io.WriteCloser {
			return &output{sink: sink, log: s.config.Log.With("function", f.Name), print: s.config.Print(f.Name, streamOf(environ))}
		},
	}, s.config.Log), nil
}
