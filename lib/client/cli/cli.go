// Package cli is heroku-drains-cli: a file per verb with its options, and what the verbs share. The rules of its input and output are those
// of package term.
package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"heroku-drains/lib/alert/alertfile"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/stack"
)

const program = "heroku-drains-cli"

// variables is the prefix of the flags' environment variables.
const variables = "HEROKU_DRAINS"

const description = `Sends the logs of Heroku apps to CloudWatch Logs in your own AWS account.

A drain is an app's log stream, its queue, and the mapping between them. "put" creates it, "logs" shows the stored lines, and "alerts" what ` +
	`went wrong in them. ` +
	`To try it without an AWS account, run "local": it runs the whole system on this machine, and every other verb uses it with --local.

Data goes to stdout, progress and errors to stderr. ` + variablesText + ` AWS credentials ` +
	`and the Heroku API key are found where the aws and heroku CLIs find them (AWS_…, HEROKU_API_KEY, .netrc, heroku auth:token). Colors, spinners and ` +
	`questions are shown on terminals only.

Exit codes:

    0    success; also when Ctrl-C ends 'logs --tail', 'console' or 'local'
    1    failure: stderr says what failed, why, and what to do;
         doctor, alerts check: problems were found
    2    usage error: nothing was done
    130  interrupted by Ctrl-C: run the same command again to finish`

// commands is the command line.
type commands struct {
	globals

	Put        putCmd        `cmd:"" reads:"app system output heroku show-url" help:"Create or repair an app's drain, or change its settings."`
	Get        getCmd        `cmd:"" reads:"app system output heroku show-url" help:"Show an app's drain."`
	List       listCmd       `cmd:"" reads:"[app...] system output heroku show-url" help:"Show all drains."`
	Delete     deleteCmd     `cmd:"" reads:"app system output heroku confirm" help:"Delete an app's drain and its stored logs."`
	Logs       logsCmd       `cmd:"" reads:"app... system output" help:"Show an app's logs like 'heroku logs'."`
	Trace      traceCmd      `cmd:"" reads:"[app...] system output" help:"Show what happened to a request: router, apps, dyno, release."`
	Ledger     ledgerCmd     `cmd:"" reads:"[app...] system output" help:"Show what became of the lines of each app, by day."`
	Cost       costCmd       `cmd:"" reads:"system output" help:"Show what heroku-drains costs a month: a stack, or given figures."`
	Console    consoleCmd    `cmd:"" reads:"system output" help:"Show lines, drains, alerts and plots in the browser."`
	Sync       syncCmd       `cmd:"" reads:"system output heroku confirm" help:"Create, change and repair many drains, from a file or a team."`
	Alerts     alertsCmd     `cmd:"" help:"Show alerts on the apps, mute them, and test the rules."`
	Doctor     doctorCmd     `cmd:"" reads:"[app] system output heroku" help:"Find problems, and say how to fix them."`
	Redrive    redriveCmd    `cmd:"" reads:"[app] system output confirm" help:"Show dead letters, or move them back to the drains' queues."`
	Rotate     rotateCmd     `cmd:"" reads:"[app] system output confirm heroku" help:"Create a new signing key, and move every app to its new password."`
	Simulate   simulateCmd   `cmd:"" reads:"app system output" help:"Send an app's drain test traffic as Heroku would."`
	Local      localCmd      `cmd:"" reads:"" help:"Run the whole system on this machine, without AWS or Heroku."`
	Completion completionCmd `cmd:"" reads:"" help:"Print a completion script for bash, zsh or fish."`
	Help       helpCmd       `cmd:"" reads:"" help:"Explain a verb with all its flags."`
	Man        manCmd        `cmd:"" hidden:"" reads:"" help:"Write man pages to a folder."`
	Version    versionCmd    `cmd:"" reads:"output" help:"Print version and build information."`
}

// Main runs a command line, which starts with the program's name like os.Args, and returns its exit code. It returns soon after ctx ends.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return run(ctx, args, term.New(stdin, stdout, stderr), clock.Sleep)
}

func run(ctx context.Context, args []string, terminal *term.Terminal, wait waiter) int {
	var line commands
	s := &session{Terminal: terminal, name: calledAs(args[0]), flags: &line.globals, wait: wait, args: args[1:]}
	args = args[1:]
	parser, err := kong.New(&line,
		kong.Name(program),
		kong.Description(description),
		kong.Writers(s.Stdout, s.Stderr),
		kong.Exit(func(int) { s.helped = true }), // kong exits after printing help, and only then
		kong.Help(printHelp),
		kong.DefaultEnvars(variables),
		vars(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s))
	if err != nil {
		return s.exit(ctx, err)
	}
	parser.Model.HelpFlag.Help = helpOfHelp
	if len(args) == 0 {
		args = []string{"-h"}
	}
	args = verbFirst(negativeValues(args))
	parsed, err := parser.Parse(args)
	for moved := appsTogether(args, err); moved != nil; moved = appsTogether(args, err) {
		args = moved
		parsed, err = parser.Parse(args)
	}
	if s.helped {
		return exitOK
	}
	if failed, ok := errors.AsType[*kong.ParseError](err); ok {
		err = s.betterParseError(parser, args, failed)
	}
	if err != nil {
		return s.exit(ctx, err)
	}
	if line.NoColor {
		s.NoColor = true
	}
	wrong := line.check()
	s.Installation = line.installation(wait, s.command)
	if err := cmp.Or(s.checkFlags(parsed), s.takeApps(parsed), wrong); err != nil {
		return s.exit(ctx, err)
	}
	return s.exit(ctx, parsed.Run())
}

// helpOfHelp replaces kong's help of --help.
const helpOfHelp = "Show this help, with -h only the verb's own flags."

// isEmptyVariable reports whether an environment variable is set to nothing, which counts as not set: scripts and CI systems cannot always leave a
// variable out. Only the app's does count, because a verb for all apps must not work on all of them when the variable for one is lost.
func isEmptyVariable(name string) bool {
	value, ok := os.LookupEnv(name)
	return ok && value == "" && name != variables+"_APP"
}

// vars puts values into the texts and defaults that refer to them, such as ${stack}, and leaves empty variables out. As kong.Vars they would double the time that a start takes
// (in tests with the race detector, triple it): kong looks in each of these for references to others, again for each flag of each verb.
func vars() kong.Option {
	values := strings.NewReplacer(
		"${stack}", stack.DefaultName, "${local_api_url}", stack.LocalAPIURL, "${local_aws_url}", stack.LocalAWSURL,
		"${sample_limit}", strconv.Itoa(deadletters.SampleLimit), "${scenarios}", strings.Join(scenarioNames(), "|"),
		"${alerts_file}", alertfile.Name, "${retention_days}", strconv.Itoa(stack.DefaultRetentionDays),
	)
	return kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model.Node, func(node kong.Visitable, next kong.Next) error {
			if value, ok := node.(*kong.Value); ok {
				value.Tag.Envs = slices.DeleteFunc(slices.Clone(value.Tag.Envs), isEmptyVariable)
				value.Help, value.Default = values.Replace(value.Help), values.Replace(value.Default)
				if value.Flag != nil {
					value.Flag.PlaceHolder = values.Replace(value.Flag.PlaceHolder)
				}
			}
			return next(nil)
		})
	})
}

// verbFirst turns the form of the original script, `-a myapp --get`, into `get -a myapp`, and `--version` into `version`, also after common flags. It returns other
// command lines unchanged.
func verbFirst(args []string) []string {
	if len(args) > 0 && (args[0] == "--version" || args[0] == "-v") {
		return slices.Concat([]string{"version"}, args[1:])
	}
	for i, arg := range args {
		switch arg {
		case "--":
			return args
		case "--version", "-v":
			if areCommonFlags(args[:i]) {
				return slices.Concat([]string{"version"}, args[i+1:])
			}
		case "--get", "--put", "--delete":
			return slices.Concat([]string{arg[2:]}, args[:i], args[i+1:])
		}
	}
	return args
}

// areCommonFlags reports whether args are flags without values that verbs have in common: version needs none of them.
func areCommonFlags(args []string) bool {
	return !slices.ContainsFunc(args, func(arg string) bool {
		return !slices.Contains([]string{"--local", "--no-heroku", "--no-color", "--debug", "--yes", "--show-url"}, arg)
	})
}

// negative matches the beginning of a negative number or duration, and shortFlag a flag such as -n.
var (
	negative  = regexp.MustCompile(`^-[0-9]`)
	shortFlag = regexp.MustCompile(`^-[a-zA-Z]$`)
)

// negativeValues turns `--for -2h` into `--for=-2h` and `-n -5` into `-n-5`, so that the flag says what is wrong with the value. Otherwise kong takes it for a flag.
func negativeValues(args []string) []string {
	var joined []string
	for i, arg := range args {
		if arg == "--" {
			return append(joined, args[i:]...)
		}
		if last := len(joined) - 1; last >= 0 && negative.MatchString(arg) {
			switch flag := joined[last]; {
			case strings.HasPrefix(flag, "--") && !strings.Contains(flag, "="):
				joined[last] += "=" + arg
				continue
			case shortFlag.MatchString(flag):
				joined[last] += arg
				continue
			}
		}
		joined = append(joined, arg)
	}
	return joined
}
