package cli_test

import (
	"net/http"
	"strings"
	"testing"
)

// A script or a CI system may set a variable to nothing where it should leave it out.
func TestAnEmptyVariableIsNotSet(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[]}`})
	for _, name := range []string{"LOCAL", "OUTPUT", "STACK", "SETTINGS", "API_URL", "LOCAL_API_URL", "LOCAL_AWS_URL", "YES"} {
		t.Setenv("HEROKU_DRAINS_"+name, "")
	}
	wantCode(t, command(t, nil, api.local("list", "--no-heroku")...), 0)
	got := command(t, nil, "--local", "list") // nothing listens where the local system usually does, or it answers
	if strings.Contains(got.stderr, "has no output") || got.code == 2 {
		t.Errorf("exit code %d, stderr: %s", got.code, got.stderr)
	}
	t.Setenv("HEROKU_DRAINS_APP", "")
	got = command(t, nil, api.local("redrive")...) // which would be all apps
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, `"" is not a valid Heroku app name`)
}

func TestAddressesOfALocalSystem(t *testing.T) {
	s := newSystem(t)
	api, aws := s.AWS.APIURL()+"/", s.AWS.AWSURL()+"/"
	for _, line := range []string{"put shop", "get shop", "logs shop", "redrive --list", "cost"} {
		if got := command(t, nil, append([]string{"--local", "--local-api-url", api, "--local-aws-url", aws}, strings.Fields(line)...)...); got.code != 0 {
			t.Errorf("%s: exit code %d, stderr: %s", line, got.code, got.stderr)
		}
	}
	for line, want := range map[string]string{
		"--local --local-api-url foo list":              `--local-api-url must be a URL such as http://127.0.0.1:8080, not "foo"`,
		"--local --local-api-url= list":                 `--local-api-url must be a URL such as http://127.0.0.1:8080, not ""`,
		"--local --local-aws-url 127.0.0.1:4566 list":   `--local-aws-url must be a URL such as http://127.0.0.1:4566, not "127.0.0.1:4566"`,
		"local --api-addr foo":                          `--api-addr: "foo" is not an address: give a host and a port, such as 127.0.0.1:8080`,
		"local --aws-addr 127.0.0.1:99999":              `--aws-addr: "127.0.0.1:99999" is not an address: `,
		"local --page-addr 127.0.0.1:http-x":            `--page-addr: "127.0.0.1:http-x" is not an address: `,
		"local --heroku shop --heroku-addr 127.0.0.1":   `--heroku-addr: "127.0.0.1" is not an address: `,
		"--local put shop --timeout -1s":                "--timeout must be more than 0",
		"--local delete shop --timeout -1s":             "--timeout must not be negative",
		"--local --local-aws-url http:// cost --days 1": `--local-aws-url must be a URL such as http://127.0.0.1:4566, not "http://"`,
	} {
		got := command(t, nil, strings.Fields(line)...)
		if got.code != 2 || !strings.HasPrefix(got.stderr, "error: "+want) {
			t.Errorf("%s: exit code %d, stderr: %swant 2, error: %s", line, got.code, got.stderr, want)
		}
	}
}
