// Package e2e_test drives the whole system through its public doors: the HTTP API, the AWS SDK and the binaries that run in Lambda.
package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"heroku-drains/lib/stack"
)

// binaries are the two functions, built once for this machine as `cdk deploy` builds them for Lambda.
var binaries map[string]string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "heroku-drains-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "make a folder for the binaries:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	binaries = map[string]string{}
	for _, name := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction} {
		bootstrap := filepath.Join(dir, name, "bootstrap")
		build := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-o", bootstrap, "../functions/"+name)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build %s: %v\n%s", name, err, out)
			return 1
		}
		binaries[name] = bootstrap
	}
	return m.Run()
}
