package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
)

func TestTheOriginalForm(t *testing.T) {
	for line, want := range map[string]string{
		"-a myapp --get":                        "get -a myapp",
		"-a myapp --put":                        "put -a myapp",
		"-a myapp --delete":                     "delete -a myapp",
		"--delete -a myapp --yes":               "delete -a myapp --yes",
		"-a myapp --yes --keep-logs --delete":   "delete -a myapp --yes --keep-logs",
		"--output json --no-heroku -a x --put":  "put --output json --no-heroku -a x",
		"-a myapp --help":                       "-a myapp --help",
		"get -a myapp":                          "get -a myapp",
		"logs -a myapp --filter getting --tail": "logs -a myapp --filter getting --tail",
		"get -- --put":                          "get -- --put",
		"-a myapp --get --put":                  "get -a myapp --put",
		"":                                      "",
	} {
		if diff := cmp.Diff(want, strings.Join(cli.VerbFirst(strings.Fields(line)), " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
}
