package localtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"heroku-drains/lib/stack"
)

// Functions builds all functions, as BuildFunctions does, and removes them at the end of the test.
func Functions(t testing.TB) map[string]string {
	t.Helper()
	binaries, err := BuildFunctions(t.Context(), t.TempDir())
	Must(t, err)
	return binaries
}

// BuildFunctions builds all functions into a folder, for this machine but otherwise as they are built for Lambda. It returns the paths of the
// binaries by function name, for local.Options. Linking takes seconds: a package with several tests that need them builds them once, in TestMain.
func BuildFunctions(ctx context.Context, dir string) (map[string]string, error) {
	binaries := map[string]string{}
	for _, source := range []string{stack.DrainsSource, stack.StorageSource, stack.AlertsSource} {
		binary := filepath.Join(dir, source, stack.Bootstrap)
		build := exec.CommandContext(ctx, "go", stack.BuildArguments(binary, "heroku-drains/functions/"+source)...)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", source, err, output)
		}
		binaries[source] = binary // the local system gives each function the name of its source
	}
	return binaries, nil
}
