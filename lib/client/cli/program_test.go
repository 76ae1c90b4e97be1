package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"heroku-drains/lib/local/localtest"
)

// withPrograms runs the tests with the programs of TestMain in PATH. With the race detector, they are those of a test binary built without it:
// with it, a process takes ten times longer to start, and a second to exit, and the tests start hundreds. The tests that run the program in
// their own process look for its races, and those that start one for races of the system.
type withPrograms struct{ *testing.M }

// Run implements testscript.TestingM. testscript has put its copies of this test binary in PATH.
func (p withPrograms) Run() int {
	if !localtest.RaceDetector {
		return p.M.Run()
	}
	dir, err := os.MkdirTemp("", "programs")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }() // harmless if it fails: it is in the system's temporary directory
		err = buildPrograms(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build the program without the race detector:", err)
		return 1
	}
	return p.M.Run()
}

func buildPrograms(dir string) error {
	first := filepath.Join(dir, "heroku-drains-cli")
	if output, err := exec.Command("go", "test", "-c", "-o", first, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	if err := os.Link(first, filepath.Join(dir, "hurried-cli")); err != nil {
		return err
	}
	return os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// skipWithRaceDetector skips a test of what the program prints that runs hundreds of command lines, of which the race detector learns nothing that
// other tests do not show: parsing them starts no goroutines, but takes ten times longer with it.
func skipWithRaceDetector(t *testing.T) {
	t.Helper()
	if localtest.RaceDetector {
		t.Skip("runs without the race detector")
	}
}
