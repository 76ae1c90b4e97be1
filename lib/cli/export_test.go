package cli

import (
	"context"
	"io"
	"time"
)

// VerbFirst is the rewriting of the original script's form.
var VerbFirst = verbFirst

// MainThatWaits is Main with its own way to wait, for tests that have no minute to spare.
func MainThatWaits(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer,
	wait func(context.Context, time.Duration) error) int {
	return run(ctx, args, newConsole(stdin, stdout, stderr), wait)
}
