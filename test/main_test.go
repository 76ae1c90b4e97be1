// Package e2e_test tests the whole system from outside: through the HTTP API and the AWS SDK, with the binaries that run in Lambda.
package e2e_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"heroku-drains/lib/local/localtest"
)

// binaries are the paths of the functions' binaries by function name.
var binaries map[string]string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "heroku-drains-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "create a folder for the binaries:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if binaries, err = localtest.BuildFunctions(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
