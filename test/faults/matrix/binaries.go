package matrix

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"heroku-drains/lib/stack"
)

// Build builds functions into a folder, for this machine but otherwise as they are built for Lambda, and returns the paths of the binaries by
// function name. With an overlay, the path of a file as go build -overlay takes it, some source files are replaced by others.
func Build(ctx context.Context, folder, overlay string, sources ...string) (map[string]string, error) {
	binaries := map[string]string{}
	for _, source := range sources {
		binary := filepath.Join(folder, source, stack.Bootstrap)
		arguments := stack.BuildArguments(binary, "heroku-drains/functions/"+source)
		if overlay != "" {
			arguments = append([]string{arguments[0], "-overlay", overlay}, arguments[1:]...)
		}
		build := exec.CommandContext(ctx, "go", arguments...)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", source, err, output)
		}
		binaries[source] = binary // the local system gives each function the name of its source
	}
	return binaries, nil
}

// BuildAll builds all functions, as they are, into a folder of their own, until remove is called.
func BuildAll(ctx context.Context) (binaries map[string]string, remove func(), err error) {
	folder, err := os.MkdirTemp("", "heroku-drains-faults-")
	if err != nil {
		return nil, nil, fmt.Errorf("create a folder for the binaries: %w", err)
	}
	remove = func() { _ = os.RemoveAll(folder) }
	if binaries, err = Build(ctx, folder, "", stack.DrainsSource, stack.StorageSource, stack.AlertsSource); err != nil {
		remove()
		return nil, nil, err
	}
	return binaries, remove, nil
}
