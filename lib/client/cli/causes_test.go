package cli_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// sdkText matches what only the AWS SDK writes.
var sdkText = regexp.MustCompile(`operation error|StatusCode|RequestID|exceeded maximum|SDK |api error|https response|failed to refresh`)

// processStderr returns what the test writes to the process's stderr until read is called: the SDK's own logger writes there.
func processStderr(t *testing.T) (read func() string) {
	t.Helper()
	real := os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	return func() string {
		os.Stderr = real
		w.Close()
		text, _ := io.ReadAll(r)
		return string(text)
	}
}

// silentAddress returns the address of a listener whose connections nobody reads.
func silentAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// refusing returns the URL of an AWS that refuses every call as its query protocol does.
func refusing(t *testing.T, status int, code, message string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error><RequestId>r-1</RequestId></ErrorResponse>", code, message)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// awsProfile writes an AWS configuration file, and makes this the home directory.
func awsProfile(t *testing.T, text string) (home string) {
	t.Helper()
	home = t.TempDir()
	file := filepath.Join(home, "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": home, "AWS_CONFIG_FILE": file, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return home
}

const ssoProfile = `[profile my team]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
region = eu-west-1
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.example.com/start
`

func TestCauses(t *testing.T) {
	const stack = "error: read the stack HerokuDrains in eu-west-1: "
	const network = ". Check the network, and the proxy if there is one\n"
	closed := localtest.ReserveAddress(t)
	silent := silentAddress(t)
	for name, tt := range map[string]struct {
		prepare func(t *testing.T)
		args    string // after list --no-heroku
		code    int
		want    string // the whole of stderr; … stands for any text
	}{
		"nobody listens": {func(t *testing.T) { awsAt(t, "http://"+closed) }, "", 1,
			stack + "cannot reach CloudFormation at " + closed + ": connection refused" + network},
		"no answer": {func(t *testing.T) { awsAt(t, "https://"+silent) }, "", 1,
			stack + "cannot reach CloudFormation at " + silent + ": no answer within 3s" + network},
		"no such host": {func(t *testing.T) { awsAt(t, "http://aws.invalid") }, "", 1,
			stack + "cannot reach CloudFormation at aws.invalid: no …" + network},
		"the API's host does not exist": {func(t *testing.T) { awsAt(t, "http://"+closed) }, "--api-url http://api.invalid", 1,
			"Listing the drains…\nerror: list the drains: cannot reach api.invalid: no …" + network},
		"no Region": {func(t *testing.T) { awsAt(t, ""); t.Setenv("AWS_REGION", "") }, "", 2,
			"error: no AWS Region is set. Add --region, or set AWS_REGION (--local needs none)\n"},
		"no such Region": {func(t *testing.T) { awsAt(t, "") }, "--region moon-1", 2,
			"error: there is no AWS Region moon-1. Choose the Region of the stack with --region or AWS_REGION, such as eu-west-1\n"},
		"no credentials": {func(t *testing.T) { awsAt(t, ""); t.Setenv("AWS_ACCESS_KEY_ID", "") }, "", 1,
			"error: no AWS credentials found. Sign in (`aws sso login` or `aws configure`), choose another --profile, or try --local\n"},
		"no credentials, and a metadata service that does not answer": {func(t *testing.T) {
			awsAt(t, "")
			t.Setenv("AWS_ACCESS_KEY_ID", "")
			t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
			t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://"+silent)
		}, "", 1, "error: no AWS credentials found. Sign in (`aws sso login` or `aws configure`), choose another --profile, or try --local\n"},
		"no such profile": {func(t *testing.T) { awsAt(t, "") }, "--profile nope", 1,
			"error: there is no AWS profile named nope. `aws configure list-profiles` lists the profiles\n"},
		"signed out": {func(t *testing.T) { awsAt(t, ""); awsProfile(t, ssoProfile); t.Setenv("AWS_PROFILE", "my team") }, "", 1,
			"error: the AWS SSO session has expired. Sign in again: `aws sso login --profile 'my team'`\n"},
		"a credential_process": {func(t *testing.T) {
			awsAt(t, "")
			awsProfile(t, "[default]\nregion = eu-west-1\ncredential_process = /bin/false\n")
		}, "", 1, "error: the credential_process of the AWS profile failed: …. Run it by hand to see what is wrong, or choose another --profile\n"},
		"expired": {func(t *testing.T) {
			awsAt(t, refusing(t, 403, "ExpiredToken", "The security token included in the request is expired"))
		}, "", 1,
			stack + "the AWS credentials have expired. Sign in again (`aws sso login`), or get new temporary credentials\n"},
		"unknown": {func(t *testing.T) {
			awsAt(t, refusing(t, 403, "UnrecognizedClientException", "The security token is invalid"))
		}, "", 1,
			stack + "AWS does not know these credentials in this Region. Check the access key (`aws configure list` shows where it comes from), " +
				"and that the Region is enabled for the account\n"},
		"denied": {func(t *testing.T) {
			awsAt(t, refusing(t, 403, "AccessDenied", "User: arn:aws:iam::1:user/me is not authorized to perform: cloudformation:DescribeStacks "+
				"on resource: arn:aws:cloudformation:eu-west-1:1:stack/HerokuDrains/* because no identity-based policy allows it"))
		}, "", 1, stack + "arn:aws:iam::1:user/me is not authorized to perform cloudformation:DescribeStacks on arn:aws:cloudformation:eu-west-1:1:stack/HerokuDrains/*. " +
			"Allow cloudformation:DescribeStacks on arn:aws:cloudformation:eu-west-1:1:stack/HerokuDrains/* in a policy of arn:aws:iam::1:user/me " +
			"(read-policy.json in docs/deploy.md)\n"},
		"no such stack": {func(t *testing.T) {
			awsAt(t, refusing(t, 400, "ValidationError", "Stack with id HerokuDrains does not exist"))
		}, "", 1, "error: the stack HerokuDrains does not exist in eu-west-1. Deploy it with …, or choose another one with --stack, --region or --profile\n"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.prepare(t)
			read := processStderr(t)
			got := command(t, nil, append([]string{"list", "--no-heroku"}, strings.Fields(tt.args)...)...)
			if logged := read(); logged != "" {
				t.Errorf("a logger writes to stderr: %s", logged)
			}
			wantCode(t, got, tt.code)
			pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(tt.want), "…", ".+") + "$"
			if !regexp.MustCompile(pattern).MatchString(got.stderr) || sdkText.MatchString(got.stderr) || got.stdout != "" {
				t.Errorf("stdout %q, stderr:\n%swant:\n%s", got.stdout, got.stderr, tt.want)
			}
		})
	}
}

func TestDebugShowsTheOriginal(t *testing.T) {
	awsAt(t, refusing(t, 403, "ExpiredToken", "The security token included in the request is expired"))
	got := command(t, nil, "list", "--no-heroku", "--debug")
	wantIn(t, "stderr", got.stderr, "error: read the stack", "\ndebug: ", "operation error CloudFormation: DescribeStacks", "ExpiredToken")
	got = command(t, nil, "list", "--no-heroku", "--debug", "--profile", "nobody")
	wantIn(t, "stderr", got.stderr, "\ndebug: failed to get shared config profile, nobody\n")
}

func TestHerokuThatCannotBeReachedIsNotTheLocalSystem(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	closed := localtest.ReserveAddress(t)
	t.Setenv("HEROKU_API_URL", "http://"+closed)
	t.Setenv("HEROKU_API_KEY", herokufake.DefaultKey)
	got := command(t, nil, s.local("get", "-a", "shop")...)
	wantCode(t, got, 1)
	wantIn(t, "stdout", got.stdout, "active")
	want := "error: check shop at Heroku: list the log drains of shop: cannot reach Heroku at " + closed +
		": connection refused; check HEROKU_API_URL. To skip Heroku, add --no-heroku\n"
	if got.stderr != want {
		t.Errorf("stderr:\n%swant:\n%s", got.stderr, want)
	}
}
