package awslocal_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestFaultKillsTheCaller checks that a call kills the process that makes it, before or after its work, and no other process.
func TestFaultKillsTheCaller(t *testing.T) {
	b := startBackend(t)
	q := newQueue(t, b, "q")
	_, err := b.server.AddFunction(awslocal.Function{
		Name: "f", Binary: bootstrapPath(t), Timeout: time.Minute, AccessKeyID: "f", Env: map[string]string{"QUEUE": *q.url},
	})
	localtest.Must(t, err)
	b.server.Inject(awslocal.Fault{Caller: "f", Operation: "SendMessage", Times: 1, Kill: awslocal.KillBefore})
	b.server.Inject(awslocal.Fault{Caller: "f", Operation: "SendMessage", Skip: 1, Times: 1, Kill: awslocal.KillAfter})
	for i, want := range []string{"0", "1"} {
		pid := invokeReport(t, b.server, order{}).PID
		response, kind := invoke(t, b.server, order{Do: "send", Text: "x"})
		if kind == "" {
			t.Errorf("call %d: the function lived to say %s", i, response)
		}
		if got := q.counts(t)[0]; got != want {
			t.Errorf("call %d: %s messages arrived, want %s", i, got, want)
		}
		if again := invokeReport(t, b.server, order{}).PID; again == pid {
			t.Errorf("call %d: the process lives", i)
		}
	}
	if got := invokeReport(t, b.server, order{Do: "send", Text: "x"}); got.PID == 0 || q.counts(t)[0] != "2" {
		t.Errorf("afterwards: %+v, %v", got, q.counts(t))
	}
}

// TestFaultKillsTheInvoked checks that a function is killed before or after an invocation by a mapping, which counts in both cases.
func TestFaultKillsTheInvoked(t *testing.T) {
	b := startBackend(t)
	in, out := newQueue(t, b, "in"), newQueue(t, b, "out")
	_, err := b.server.AddFunction(awslocal.Function{
		Name: "f", Binary: bootstrapPath(t), Timeout: time.Minute, AccessKeyID: "f", Env: map[string]string{"QUEUE": *out.url},
	})
	localtest.Must(t, err)
	localtest.Must(t, in.set(t, "VisibilityTimeout", "60"))
	for _, kill := range []awslocal.Kill{awslocal.KillBefore, awslocal.KillAfter} {
		b.server.Inject(awslocal.Fault{Service: "lambda", Operation: "Invoke", Function: "f", Times: 1, Kill: kill})
	}
	pid := invokeReport(t, b.server, order{}).PID
	_, err = lambda.NewFromConfig(b.config).CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(in.arn(t)), FunctionName: aws.String("f"),
	})
	localtest.Must(t, err)
	in.send(t, "x")
	waitFor(t, func() bool { return in.counts(t) == [3]string{"0", "0", "0"} })
	if again := invokeReport(t, b.server, order{}).PID; again == pid {
		t.Error("the process lives")
	}
}

// TestFunctionIsFrozen checks that a frozen process does nothing until its next invocation, which it runs, and that its connections are gone then.
func TestFunctionIsFrozen(t *testing.T) {
	b := startBackend(t)
	q := newQueue(t, b, "q")
	_, err := b.server.AddFunction(awslocal.Function{
		Name: "f", Binary: bootstrapPath(t), Timeout: time.Minute, AccessKeyID: "f", Env: map[string]string{"QUEUE": *q.url},
	})
	localtest.Must(t, err)
	pid := invokeReport(t, b.server, order{Do: "send", Text: "x"}).PID
	if frozen, err := b.server.FreezeFunction("f"); frozen != 1 || err != nil {
		t.Errorf("%d processes frozen, %v", frozen, err)
	}
	waitFor(t, func() bool { return processState(t, pid) == "T" })
	b.server.Advance(5 * time.Hour)
	again := invokeReport(t, b.server, order{Do: "send", Text: "x"})
	if again.PID != pid || q.counts(t)[0] != "2" {
		t.Errorf("process %d, then %d; counts %v", pid, again.PID, q.counts(t))
	}
	if _, err := b.server.FreezeFunction("f"); err != nil {
		t.Error(err)
	}
	if killed, err := b.server.KillFunction("f"); killed != 1 || err != nil {
		t.Errorf("%d frozen processes killed, %v", killed, err)
	}
}

// processState returns the state of a process as Linux shows it: T for one that is stopped.
func processState(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))[0]
}
