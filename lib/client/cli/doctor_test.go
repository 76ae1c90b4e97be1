package cli_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

const (
	noHeroku      = "note     heroku: Heroku was not checked: it cannot reach a local system\n"
	noMetrics     = "note     throttling: throttling was not checked: "
	localIdentity = "ok       credentials: arn:aws:iam::000000000000:user/local\n"
)

func TestDoctorFindsNothing(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")
	for range 2 {
		got := s.must("doctor")
		if strings.Contains(got.stdout, "fix:") {
			t.Errorf("a fix where there is nothing to do:\n%s", got.stdout)
		}
		wantIn(t, "stdout", got.stdout, noHeroku, noMetrics, localIdentity, "ok       drains: 2\n")
		if strings.Contains(got.stdout, "error") || strings.Contains(got.stdout, "warning") || strings.Contains(got.stderr, "error") {
			t.Errorf("stdout:\n%sstderr:\n%s", got.stdout, got.stderr)
		}
	}
}

func TestDoctorProbesAnApp(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")
	got := s.must("doctor", "-a", "shop")
	wantIn(t, "stdout", got.stdout, "ok       drains: 1\n", "ok       probe: a test line was stored after ")
	if lines := s.must("logs", "-a", "shop").stdout; !strings.Contains(lines, "heroku-drains[verify]: test line ") {
		t.Errorf("the stream has %q", lines)
	}
	if lines := s.must("logs", "-a", "blog").stdout; lines != "" {
		t.Errorf("another app's stream has %q", lines)
	}
}

// findings runs doctor, which has to end with an exit code, and returns the errors and warnings that it prints as JSON, in a short form.
func (s *system) findings(code int, args ...string) []string {
	s.t.Helper()
	got := command(s.t, nil, s.local(append([]string{"doctor", "--output", "json"}, args...)...)...)
	wantCode(s.t, got, code)
	return shortFindings(s.t, got.stdout)
}

func shortFindings(t *testing.T, stdout string) []string {
	t.Helper()
	var printed struct {
		Data struct {
			Findings []struct{ Severity, Check, App, What, Fix string }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &printed); err != nil {
		t.Fatalf("%v: %s", err, stdout)
	}
	var short []string
	for _, f := range printed.Data.Findings {
		if f.What == "" || f.Fix == "" && f.Severity != "note" {
			t.Errorf("finding %+v", f)
		}
		if f.Severity != "note" {
			short = append(short, strings.Join([]string{f.Severity, f.Check, f.App, f.What}, "|"))
		}
	}
	return short
}

func TestDoctorFindsWhatIsBroken(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", webLine("lost?"))
	for _, app := range []string{"shop", "blog", "news"} {
		s.must("put", "-a", app)
	}
	var drain struct {
		Data struct {
			EventSource struct{ UUID string } `json:"event_source"`
		}
	}
	if err := json.Unmarshal([]byte(s.must("get", "-a", "blog", "--output", "json").stdout), &drain); err != nil {
		t.Fatal(err)
	}
	_, err := lambda.NewFromConfig(s.AWS.Config()).UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &drain.Data.EventSource.UUID, Enabled: aws.Bool(false),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.deleteQueue("news")
	want := []string{
		"error|dead letters||1 message could not be stored and is a dead letter (1 of shop)",
		"error|drain|blog|the event source mapping is disabled: lines wait in the queue for up to 14 days",
		"error|drain|news|the drain has no queue",
	}
	if diff := cmp.Diff(want, s.findings(1)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:2], s.findings(1, "-a", "blog")); diff != "" {
		t.Errorf("of blog (-want +got):\n%s", diff)
	}
	table := command(t, nil, s.local("doctor")...)
	wantIn(t, "stdout", table.stdout, "error    blog, drain: the event source mapping is disabled: lines wait in the queue for up to 14 days\n"+
		"         fix: `heroku-drains-cli "+strings.Join(s.local(), " ")+" put -a blog` enables it\n")
	wantIn(t, "stderr", table.stderr, "error: doctor found 3 errors\n")
	if strings.Contains(table.stdout, "ok       drains") {
		t.Errorf("stdout:\n%s", table.stdout)
	}
	// The fixes work.
	s.must("put", "-a", "blog")
	s.AWS.Advance(61 * time.Second)
	s.must("put", "-a", "news")
	s.must("redrive")
	if got := s.findings(0); got != nil {
		t.Errorf("after the fixes: %q", got)
	}
}

func TestDoctorNamesPolicies(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", webLine("lost?"))
	s.must("put", "-a", "shop")
	for _, tt := range []struct{ service, operation string }{{"sqs", "ReceiveMessage"}, {"sts", "GetCallerIdentity"}} {
		action := tt.service + ":" + tt.operation
		remove := s.AWS.Inject(awslocal.Fault{
			Service: tt.service, Operation: tt.operation, Status: http.StatusBadRequest, Code: "AccessDeniedException",
			Message: "User: arn:aws:iam::1:user/me is not authorized to perform: " + action + " on resource: arn:x because no policy allows it",
		})
		if diff := cmp.Diff([]string{"error|policy||arn:aws:iam::1:user/me is not authorized to perform " + action + " on arn:x"}, s.findings(1)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		remove()
	}
}

func TestDoctorWithoutAccessToAWS(t *testing.T) {
	awsAt(t, "http://127.0.0.1:1")
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	got := command(t, nil, "doctor")
	wantCode(t, got, 1)
	wantIn(t, "stdout", got.stdout, "error    credentials: no AWS Region is set")
	t.Setenv("AWS_REGION", "eu-west-1")
	got = command(t, nil, "doctor")
	wantCode(t, got, 1)
	wantIn(t, "stdout", got.stdout, "error    credentials: get the caller identity: cannot reach STS at 127.0.0.1:1: connection refused\n",
		"fix: check the network, and the proxy if there is one\n")
	got = command(t, nil, "--local", "--local-aws-url", "http://127.0.0.1:1", "doctor")
	wantIn(t, "stdout", got.stdout, "fix: start the local system with `heroku-drains-cli local --aws-addr 127.0.0.1:1`; ")
}

func TestDoctorOnAWS(t *testing.T) {
	c := newCloud(t)
	c.must("put", "-a", "shop")
	none := []string{ // the functions run in this process and have no log groups
		"warning|policy||the function front-door has no log group /aws/lambda/front-door",
		"warning|policy||the function drains-storage has no log group /aws/lambda/drains-storage",
	}
	got := command(t, nil, "doctor", "--no-heroku", "--output", "json")
	wantCode(t, got, 1)
	if diff := cmp.Diff(none, shortFindings(t, got.stdout)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	got = command(t, nil, "doctor", "--no-heroku", "-a", "shop")
	wantIn(t, "stdout", got.stdout, "ok       probe: a test line was stored after ",
		"note     heroku: Heroku was not checked: --no-heroku was given\n         fix: run doctor without --no-heroku\n")

	c.status, c.throttles, c.ahead = "UPDATE_ROLLBACK_COMPLETE", 12, -2*time.Hour
	got = command(t, nil, "doctor", "--no-heroku", "--output", "json")
	found := strings.Join(shortFindings(t, got.stdout), "\n")
	wantIn(t, "findings", found, "error|clock||this machine's clock is ", " ahead of AWS's: AWS rejects requests",
		"error|stack||the status of the stack HerokuDrains is UPDATE_ROLLBACK_COMPLETE",
		"warning|throttling||Lambda throttled the function drains-storage 12 times in the last hour")
	c.ahead = 0
	got = command(t, nil, "doctor", "--no-heroku", "--api-url", c.AWS.APIURL())
	wantCode(t, got, 0)
	wantIn(t, "stdout", got.stdout, "note     stack: the stack, the dead letters and throttling were not checked: --api-url was given\n         fix: run doctor without --api-url\n")
}

// The logs of the functions are searched in a local system, too.
func TestDoctorReadsTheFunctionsLogs(t *testing.T) {
	s := newSystem(t)
	s.log(stack.LocalStorageFunction, `{"level":"ERROR","message":"`+ledger.NotClaimed+`: …","error":"ResourceNotFoundException: no table"}`)
	got := command(t, nil, s.local("doctor")...)
	wantCode(t, got, 1)
	wantIn(t, "stdout", got.stdout, "warning  dedup: durable dedup failed in the last hour: lines may be stored twice, because the table of claims does not exist\n")
}
