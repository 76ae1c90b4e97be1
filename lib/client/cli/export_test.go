package cli

import (
	"context"
	"io"
	"runtime/debug"
	"time"

	"heroku-drains/lib/client/term"
)

// VerbFirst is the rewriting of the original script's form.
var VerbFirst = verbFirst

// MainThatWaits is Main with its own way to wait, for tests that have no minute to spare.
func MainThatWaits(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer,
	wait func(context.Context, time.Duration) error) int {
	return run(ctx, append([]string{program}, args...), term.New(stdin, stdout, stderr), wait)
}

// VersionText is what version prints of a build.
func VersionText(info *debug.BuildInfo) string { return newBuild(info).String() }

// CalledAs is how hints call the program.
var CalledAs = calledAs
