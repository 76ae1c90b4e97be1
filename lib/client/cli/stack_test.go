package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// cloudFormation is a stack's outputs, as DescribeStacks answers them.
func cloudFormation(t *testing.T, stack, outputs string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("Action") != "DescribeStacks" {
			t.Errorf("request %q", r.Form)
		}
		w.Header().Set("Content-Type", "text/xml")
		if asked := r.FormValue("StackName"); asked != stack {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>`+
				`<Message>Stack with id %s does not exist</Message></Error></ErrorResponse>`, asked)
			return
		}
		_, _ = io.WriteString(w, `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">`+
			`<DescribeStacksResult><Stacks><member><StackName>`+stack+`</StackName><Outputs>`+outputs+`</Outputs></member></Stacks>`+
			`</DescribeStacksResult></DescribeStacksResponse>`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func output(name, value string) string {
	return "<member><OutputKey>" + name + "</OutputKey><OutputValue>" + value + "</OutputValue></member>"
}

// awsAt sets up an identity whose AWS is at an address.
func awsAt(t *testing.T, address string) {
	t.Setenv("AWS_ENDPOINT_URL", address)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDTEST")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AWS_REGION", "eu-west-1")
	noAWSFiles(t)
}

// noAWSFiles keeps the machine's own AWS set-up out.
func noAWSFiles(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_PROFILE", "")
}

func TestTheStackTellsTheAPIsAddress(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[]}`})
	awsAt(t, cloudFormation(t, "Drains2", output("LogGroupName", "/heroku/apps")+output("ApiUrl", api.URL)))
	got := command(t, nil, "list", "--no-heroku", "--stack", "Drains2")
	if got.code != 0 || len(api.requests()) != 1 {
		t.Errorf("exit code %d, requests %q, stderr %s", got.code, api.requests(), got.stderr)
	}
	wantIn(t, "stderr", got.stderr, "There are no drains")
}

func TestTheAPIsAddressCanBeGiven(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[]}`})
	awsAt(t, "http://127.0.0.1:1") // not asked
	if got := command(t, nil, "list", "--no-heroku", "--api-url", api.URL); got.code != 0 || len(api.requests()) != 1 {
		t.Errorf("exit code %d, requests %q, stderr %s", got.code, api.requests(), got.stderr)
	}
}

func TestNoWayToTheAPI(t *testing.T) {
	t.Run("no stack", func(t *testing.T) {
		awsAt(t, cloudFormation(t, "Other", ""))
		got := command(t, nil, "list", "--no-heroku")
		wantIn(t, "stderr", got.stderr,
			"error: the stack HerokuDrains does not exist in eu-west-1. Deploy it with `npx aws-cdk deploy`")
		wantCode(t, got, 1)
	})
	t.Run("no output", func(t *testing.T) {
		awsAt(t, cloudFormation(t, "HerokuDrains", output("Other", "x")))
		got := command(t, nil, "list", "--no-heroku")
		wantIn(t, "stderr", got.stderr, "the stack HerokuDrains in eu-west-1 has no output ApiUrl")
		wantCode(t, got, 1)
	})
	t.Run("no region", func(t *testing.T) {
		awsAt(t, "http://127.0.0.1:1")
		t.Setenv("AWS_REGION", "")
		t.Setenv("AWS_DEFAULT_REGION", "")
		got := command(t, nil, "list", "--no-heroku")
		wantIn(t, "stderr", got.stderr, "no AWS Region is set. Add --region")
		wantCode(t, got, 2)
	})
	t.Run("no credentials", func(t *testing.T) {
		awsAt(t, "http://127.0.0.1:1")
		t.Setenv("AWS_ACCESS_KEY_ID", "")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		got := command(t, nil, "list", "--no-heroku")
		wantIn(t, "stderr", got.stderr, "error: no AWS credentials found. Sign in (`aws sso login` or `aws configure`)")
		wantCode(t, got, 1)
	})
	t.Run("no profile", func(t *testing.T) {
		awsAt(t, "http://127.0.0.1:1")
		got := command(t, nil, "list", "--no-heroku", "--profile", "nobody")
		wantIn(t, "stderr", got.stderr, "error: there is no AWS profile named nobody")
		wantCode(t, got, 1)
	})
}

func wantCode(t *testing.T, got outcome, code int) {
	t.Helper()
	if got.code != code {
		t.Errorf("exit code %d, want %d", got.code, code)
	}
}
