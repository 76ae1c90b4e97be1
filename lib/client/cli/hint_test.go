package cli_test

import (
	"testing"

	"heroku-drains/lib/client/cli"
)

func TestCalledAs(t *testing.T) {
	for name, want := range map[string]string{
		"heroku-drains-cli":                                      "heroku-drains-cli",
		"./heroku-drains-cli":                                    "./heroku-drains-cli",
		"/usr/local/bin/heroku-drains-cli":                       "heroku-drains-cli",
		"/tmp/go-build123/b001/exe/heroku-drains-cli":            "go run ./cmd/heroku-drains-cli",
		"/home/me/.cache/go-build/cb/cb12ab-d/heroku-drains-cli": "go run ./cmd/heroku-drains-cli", // from the second run on
		"/var/folders/x/T/go-build9/b001/exe/heroku-drains-cli":  "go run ./cmd/heroku-drains-cli",
	} {
		if got := cli.CalledAs(name); got != want {
			t.Errorf("CalledAs(%q) = %q, want %q", name, got, want)
		}
	}
}
