package awslocal_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// bootstrap is the binary of testdata/bootstrap, which is built on first use.
var bootstrap struct {
	once sync.Once
	path string
	err  error
}

func bootstrapPath(t *testing.T) string {
	t.Helper()
	bootstrap.once.Do(func() {
		dir, err := os.MkdirTemp("", "bootstrap")
		if err != nil {
			bootstrap.err = err
			return
		}
		bootstrap.path = filepath.Join(dir, "bootstrap")
		out, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap.path, "./testdata/bootstrap").CombinedOutput()
		if err != nil {
			bootstrap.err = err
			t.Logf("%s", out)
		}
	})
	if bootstrap.err != nil {
		t.Fatal(bootstrap.err)
	}
	return bootstrap.path
}

// removeBootstrap removes the binary after all tests.
func removeBootstrap() {
	if bootstrap.path != "" {
		_ = os.RemoveAll(filepath.Dir(bootstrap.path)) // harmless if it fails: it is in the system's temporary directory
	}
}

type order struct {
	Do, Text string `json:",omitempty"`
	Size     int    `json:",omitempty"`
}

type report struct {
	Text, RequestID, FunctionARN string
	PID                          int
	Deadline                     time.Time
	Env                          map[string]string
}

// binary starts a Server with a function "f" that runs testdata/bootstrap.
func binary(t *testing.T, f awslocal.Function) *awslocal.Server {
	t.Helper()
	s := localtest.StartAWS(t, awslocal.Options{})
	f.Name, f.Binary = "f", bootstrapPath(t)
	if _, err := s.AddFunction(f); err != nil {
		t.Fatal(err)
	}
	return s
}

// invoke invokes the function "f". kind is the function error, or "" if there was none.
func invoke(t *testing.T, s *awslocal.Server, payload any) (response []byte, kind string) {
	t.Helper()
	in, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	out, err := lambda.NewFromConfig(s.Config()).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: in})
	if err != nil {
		t.Fatal(err)
	}
	return out.Payload, aws.ToString(out.FunctionError)
}

func invokeReport(t *testing.T, s *awslocal.Server, o order) report {
	t.Helper()
	response, kind := invoke(t, s, o)
	if kind != "" {
		t.Fatalf("function error %s: %s", kind, response)
	}
	var r report
	if err := json.Unmarshal(response, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBinaryEnvironment(t *testing.T) {
	t.Setenv("NOT_INHERITED", "1")
	before := time.Now()
	s := binary(t, awslocal.Function{Timeout: 20 * time.Second, MemoryMB: 256, Env: map[string]string{"OWN": "1"}, AccessKeyID: "AKIAFUNCTION"})
	r := invokeReport(t, s, order{Text: "hello"})

	if r.Text != "hello" {
		t.Errorf("response %q, want the payload's text", r.Text)
	}
	if want := "arn:aws:lambda:us-east-1:000000000000:function:f"; r.FunctionARN != want {
		t.Errorf("invoked ARN %q, want %q", r.FunctionARN, want)
	}
	if r.RequestID == "" {
		t.Error("no request ID")
	}
	if left := r.Deadline.Sub(before); left < 20*time.Second || left > 80*time.Second {
		t.Errorf("deadline %s after the test's start, want a little over 20s", left)
	}
	generated := []string{"AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
	for _, name := range generated {
		if r.Env[name] == "" {
			t.Errorf("no %s", name)
		}
		delete(r.Env, name)
	}
	want := map[string]string{
		"AWS_ACCESS_KEY_ID":               "AKIAFUNCTION",
		"AWS_DEFAULT_REGION":              "us-east-1",
		"AWS_ENDPOINT_URL":                s.AWSURL(),
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
		"AWS_LAMBDA_FUNCTION_NAME":        "f",
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_FORMAT":           "JSON",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/f",
		"AWS_REGION":                      "us-east-1",
		"LAMBDA_TASK_ROOT":                filepath.Dir(bootstrapPath(t)),
		"LANG":                            "en_US.UTF-8",
		"OWN":                             "1",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	delete(r.Env, "_X_AMZN_TRACE_ID") // set by the runtime for each invocation
	delete(r.Env, "PWD")              // set by os/exec
	if diff := cmp.Diff(want, r.Env); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestBinaryIsKeptWarm(t *testing.T) {
	s := binary(t, awslocal.Function{Timeout: time.Minute})
	first, second := invokeReport(t, s, order{}), invokeReport(t, s, order{})
	if first.PID != second.PID {
		t.Errorf("processes %d and %d, want the same one for successive invocations", first.PID, second.PID)
	}
	if first.RequestID == second.RequestID {
		t.Error("two invocations with one request ID")
	}
}

func TestBinaryRunsOneInvocationPerProcess(t *testing.T) {
	const parallel = 3
	dir := t.TempDir()
	s := binary(t, awslocal.Function{Timeout: time.Minute, Env: map[string]string{"INIT": "gate", "GATE": dir}})
	reports := make(chan report, parallel)
	for range parallel {
		go func() {
			out, err := lambda.NewFromConfig(s.Config()).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f")})
			var r report
			if err == nil {
				err = json.Unmarshal(out.Payload, &r)
			}
			if err != nil {
				t.Error(err)
			}
			reports <- r
		}()
	}
	// each process creates a file, and none responds before the file "open" exists
	waitFor(t, func() bool {
		waiting, err := os.ReadDir(dir)
		return err == nil && len(waiting) == parallel
	})
	if err := os.WriteFile(filepath.Join(dir, "open"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	processes, requests := make(map[int]bool), make(map[string]bool)
	for range parallel {
		r := <-reports
		processes[r.PID], requests[r.RequestID] = true, true
	}
	if len(processes) != parallel || len(requests) != parallel {
		t.Errorf("%d processes and %d request IDs for %d invocations at once", len(processes), len(requests), parallel)
	}
}

func TestBinaryFailures(t *testing.T) {
	tests := []struct {
		name     string
		function awslocal.Function
		order    order
		kind     string   // the errorType
		says     []string // parts of the errorMessage
	}{
		{"an error", awslocal.Function{}, order{Do: "fail", Text: "no such thing"}, "errorString", []string{"no such thing"}},
		{"a panic", awslocal.Function{}, order{Do: "panic", Text: "at the disco"}, "string", []string{"at the disco"}},
		{"a crash", awslocal.Function{}, order{Do: "crash"}, "Runtime.ExitError", []string{"Runtime exited with error: exit status 3"}},
		{"an exit without an error", awslocal.Function{}, order{Do: "quit"}, "Runtime.ExitError", []string{"Runtime exited without providing a reason"}},
		{"a timeout", awslocal.Function{Timeout: 300 * time.Millisecond}, order{Do: "hang"}, "Sandbox.Timedout", []string{"RequestId: ", "Task timed out after 0.30 seconds"}},
		{"an init that exits", awslocal.Function{Env: map[string]string{"INIT": "exit"}}, order{}, "Runtime.ExitError", []string{"exit status 1"}},
		{"an init that never ends", awslocal.Function{Timeout: 300 * time.Millisecond, Env: map[string]string{"INIT": "hang"}}, order{}, "Sandbox.Timedout", []string{"Task timed out"}},
		{"a response that is too large", awslocal.Function{}, order{Do: "fill", Size: 2 << 20}, "Function.ResponseSizeTooLarge", []string{"6291556 bytes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.function.Timeout == 0 {
				tt.function.Timeout = time.Minute
			}
			s := binary(t, tt.function)
			response, kind := invoke(t, s, tt.order)
			if kind != "Unhandled" {
				t.Errorf("function error %q, want Unhandled", kind)
			}
			var failure struct{ ErrorType, ErrorMessage string }
			if err := json.Unmarshal(response, &failure); err != nil {
				t.Fatal(err)
			}
			if failure.ErrorType != tt.kind {
				t.Errorf("error type %q, want %q", failure.ErrorType, tt.kind)
			}
			for _, text := range tt.says {
				if !strings.Contains(failure.ErrorMessage, text) {
					t.Errorf("error message %q, want it to say %q", failure.ErrorMessage, text)
				}
			}
		})
	}
}

// TestBinaryRunsAgainAfterFailure checks that a process that has ended is replaced for the next invocation.
func TestBinaryRunsAgainAfterFailure(t *testing.T) {
	t.Parallel() // it waits for the timeout, which is long enough for a process to start on a busy machine
	s := binary(t, awslocal.Function{Timeout: 10 * time.Second})
	before := invokeReport(t, s, order{})
	for _, do := range []string{"crash", "hang", "panic"} {
		if _, kind := invoke(t, s, order{Do: do}); kind == "" {
			t.Fatalf("%s: no function error", do)
		}
		if after := invokeReport(t, s, order{Text: do}); after.PID == before.PID || after.Text != do {
			t.Errorf("after %s: response %q of process %d, want %q of a process other than %d", do, after.Text, after.PID, do, before.PID)
		}
	}
}

func TestBinaryIsKilled(t *testing.T) {
	s := binary(t, awslocal.Function{Timeout: time.Minute})
	invokeReport(t, s, order{})
	answers := make(chan string, 1)
	go func() {
		out, err := lambda.NewFromConfig(s.Config()).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"Do":"hang"}`)})
		if err != nil {
			answers <- err.Error()
			return
		}
		answers <- aws.ToString(out.FunctionError) + " " + string(out.Payload)
	}()
	killed := 0
	waitFor(t, func() bool {
		n, err := s.KillFunction("f")
		if err != nil {
			t.Fatal(err)
		}
		killed += n
		return len(answers) > 0
	})
	if answer := <-answers; !strings.HasPrefix(answer, "Unhandled ") || !strings.Contains(answer, "signal: killed") {
		t.Errorf("response %s, want signal: killed", answer)
	}
	if killed == 0 {
		t.Error("nothing was killed")
	}
}

func TestBinaryOutput(t *testing.T) {
	var printed localtest.Buffer
	s := binary(t, awslocal.Function{Timeout: time.Minute, Output: &printed})
	invokeReport(t, s, order{Do: "print", Text: "a line"})
	invoke(t, s, order{Do: "print and exit", Text: "a line without a newline"})
	want := []string{"a line\n", "a line on stderr\n", "a line without a newline\n"}
	waitFor(t, func() bool { return strings.Count(printed.String(), "\n") == len(want) })
	for _, line := range want {
		if !strings.Contains(printed.String(), line) {
			t.Errorf("printed %q, want %q in it", printed.String(), line)
		}
	}
}

func TestCloseKillsBinaries(t *testing.T) {
	s, err := awslocal.Start(awslocal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Binary: bootstrapPath(t), Timeout: time.Minute}); err != nil {
		t.Fatal(err)
	}
	pid := invokeReport(t, s, order{}).PID
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("kill", "-0", strconv.Itoa(pid)).Run(); err == nil {
		t.Errorf("process %d outlived Close", pid)
	}
}
