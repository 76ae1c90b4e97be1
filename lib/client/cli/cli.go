// Package cli is heroku-drains-cli: a file per verb with its options beside it, and what the verbs share. Data goes to stdout;
// progress, questions and errors go to stderr.
package cli

import (
	"context"
	"io"

	"heroku-drains/lib/client/term"
	"heroku-drains/lib/clock"

	"github.com/alecthomas/kong"

	"heroku-drains/lib/stack"
)

const program = "heroku-drains-cli"

// variables is what the names of the flags' environment variables begin with.
const variables = "HEROKU_DRAINS"

const description = `Sends the logs of Heroku apps to CloudWatch Logs in your own AWS account.

A drain is what one app has there: a log stream, a queue, and the mapping between them. "put" makes it, "logs" shows what it stored. ` +
	`No account at hand? "local" runs the whole system on this machine, and --local points every other verb to it.

Data goes to stdout, progress and errors to stderr. Each flag can be set by the variable that stands behind it, too. AWS credentials and ` +
	`Heroku's key are found as the aws and the heroku CLI find them (AWS_…, HEROKU_API_KEY, .netrc). Colours, spinners and questions are for ` +
	`terminals only.

Exit codes:

    0    done; also when Ctrl-C ends 'logs --tail' or 'local'
    1    failed: stderr says what, why, and what to do; doctor: there is something to mend
    2    wrong usage: nothing was done
    130  interrupted by Ctrl-C: the same command again does what is left`

// commands is the command line.
type commands struct {
	globals

	Put        putCmd        `cmd:"" help:"Make an app's drain, mend it, or change its settings."`
	Get        getCmd        `cmd:"" help:"Show an app's drain."`
	List       listCmd       `cmd:"" help:"Show all drains."`
	Delete     deleteCmd     `cmd:"" help:"Remove an app's drain and its stored logs."`
	Logs       logsCmd       `cmd:"" help:"Show an app's logs as 'heroku logs' does."`
	Sync       syncCmd       `cmd:"" help:"Bring the drains of many apps in line with a file, or with a team."`
	Doctor     doctorCmd     `cmd:"" help:"Check everything, and say what to do about what is wrong."`
	Redrive    redriveCmd    `cmd:"" help:"Move what could not be stored back to the drains' queues, or show it."`
	Rotate     rotateCmd     `cmd:"" help:"Make a new signing key, and move every app to its new password."`
	Simulate   simulateCmd   `cmd:"" help:"Send an app's drain what Heroku would send it."`
	Local      localCmd      `cmd:"" help:"Run the whole system on this machine, without AWS and Heroku."`
	Completion completionCmd `cmd:"" help:"Print a completion script for bash, zsh or fish."`
	Version    versionCmd    `cmd:"" help:"Say what this program was built from."`
}

// Main runs a command line, given without the program's name, and returns its exit code. It ends soon after ctx does.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return run(ctx, args, term.New(stdin, stdout, stderr), clock.Sleep)
}

func run(ctx context.Context, args []string, terminal *term.Terminal, wait waiter) int {
	var line commands
	s := &session{Terminal: terminal, flags: &line.globals, wait: wait}
	helped := false
	parser, err := kong.New(&line,
		kong.Name(program),
		kong.Description(description),
		kong.Writers(s.Stdout, s.Stderr),
		kong.Exit(func(int) { helped = true }), // kong exits after printing help, and only then
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 110}),
		kong.ExplicitGroups([]kong.Group{{Key: "common", Title: "Flags of every verb:"}}),
		kong.DefaultEnvars(variables),
		kong.Vars{"stack": stack.DefaultName, "local_api_url": localAPIURL, "local_aws_url": localAWSURL},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s))
	if err != nil {
		return s.exit(ctx, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(verbFirst(args))
	if helped {
		return exitOK
	}
	if err != nil {
		return s.exit(ctx, err)
	}
	if line.NoColor {
		s.NoColor = true
	}
	if err := line.check(); err != nil {
		return s.exit(ctx, err)
	}
	return s.exit(ctx, parsed.Run())
}
