package cli

import (
	"context"
	"io"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"

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

// Synonyms are the words that are answered with a verb.
var Synonyms = synonyms

// VerbsWithoutReads returns the verbs that do not say which flags they read.
func VerbsWithoutReads() []string {
	var missing []string
	parser, err := kong.New(&commands{}, vars())
	if err != nil {
		return []string{err.Error()}
	}
	for _, verb := range parser.Model.Leaves(false) {
		if !verb.Tag.Has("reads") {
			missing = append(missing, verb.Path())
		}
	}
	return missing
}

// LeastText says how long a run takes at least.
var LeastText = leastText

// Quantity is how a number of units is written.
var Quantity = quantity
