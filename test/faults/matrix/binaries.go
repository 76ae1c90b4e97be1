package matrix

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"heroku-drains/lib/stack"
)

// Sources are the packages of the functions, below functions/.
func Sources() []string { return []string{stack.DrainsSource, stack.StorageSource, stack.AlertsSource} }

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

// Built returns the paths of binaries that Build has put into a folder.
func Built(folder string) map[string]string {
	binaries := map[string]string{}
	for _, source := range Sources() {
		binaries[source] = filepath.Join(folder, source, stack.Bootstrap)
	}
	return binaries
}

// BinariesVariable is the environment variable with the folder of binaries that `go test` uses instead of building them.
const BinariesVariable = "FAULTS_BINARIES"
