package pipeline_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	// go test must not reuse the result of an earlier run if this changes.
	_ "heroku-drains/lib/client/cli"
)

// TestSizeOfTheProgram builds the program as a release does, for Linux on amd64. docs/architecture.md says what it consists of.
func TestSizeOfTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program with other flags than the tests")
	}
	const limit = 25_000_000 // bytes
	build := readRelease(t).Builds[0]
	file := filepath.Join(t.TempDir(), build.Binary)
	args := append([]string{"build", "-o", file, "-tags", strings.Join(build.Tags, ","), "-ldflags", strings.Join(build.Ldflags, " ")}, build.Flags...)
	// A source archive has no git. The version takes a hundred bytes.
	args = append(slices.DeleteFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-buildvcs") }), "-buildvcs=false", build.Main)
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = root
	command.Env = slices.Concat(os.Environ(), build.Env, []string{"GOOS=linux", "GOARCH=amd64"})
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	built, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB", float64(built.Size())/1e6)
	if built.Size() > limit {
		t.Errorf("the program has %.1f MB, more than %.1f MB: package awscall says what makes it grow", float64(built.Size())/1e6, limit/1e6)
	}
}
