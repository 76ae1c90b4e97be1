package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// globals are the flags that many verbs have in common, and that may be before the verb. The tag "part" says which verbs: see readsOf. Every
// flag, including those of single verbs, has an environment variable: HEROKU_DRAINS_ and its name, or the AWS SDK's.
type globals struct {
	App []string `part:"app" short:"a" sep:"none" placeholder:"APP" help:"The Heroku app. Verbs of several apps take it repeatedly."`

	Local       bool   `part:"system" help:"Use the local system instead of AWS."`
	LocalAPIURL string `part:"system" name:"local-api-url" default:"${local_api_url}" placeholder:"URL" help:"Drains API of the local system."`
	LocalAWSURL string `part:"system" name:"local-aws-url" default:"${local_aws_url}" placeholder:"URL" help:"AWS endpoint of the local system."`
	APIURL      string `part:"system" name:"api-url" placeholder:"URL" help:"The drains API, instead of reading it from the stack."`
	Stack       string `part:"system" default:"${stack}" placeholder:"NAME" help:"The CloudFormation stack."`
	Region      string `part:"system" env:"AWS_REGION" placeholder:"NAME" help:"AWS region."`
	Profile     string `part:"system" env:"AWS_PROFILE" placeholder:"NAME" help:"Profile of the AWS configuration files."`
	Output      string `part:"output" enum:"table,json" default:"table" help:"Output format."`
	Yes         bool   `part:"confirm" help:"Do not ask for confirmation."`
	Confirm     string `part:"confirm" placeholder:"NAME" help:"Do not ask for confirmation: it is this name that would be typed."`
	NoHeroku    bool   `part:"heroku" help:"Skip Heroku; put then shows the drain URL with its password."`
	ShowURL     bool   `part:"show-url" name:"show-url" help:"Show the drain URL with its password."`
	Debug       bool   `help:"Also show the original text of AWS errors."`
	NoColor     bool   `help:"Show no colors and no spinner, as if NO_COLOR were set."`
}

// check rejects flags that contradict each other, and addresses of a local system that are not URLs. It takes a slash from the end of these: paths
// are appended to them.
func (g *globals) check() error {
	if g.Local && g.APIURL != "" {
		return usagef("--local and --api-url (or the variables %[1]s_LOCAL and %[1]s_API_URL) cannot be used together; "+
			"--local-api-url sets the local system's API", variables)
	}
	if !g.Local {
		return nil
	}
	for _, address := range []struct {
		flag, usual string
		value       *string
	}{
		{"--local-api-url", stack.LocalAPIURL, &g.LocalAPIURL}, {"--local-aws-url", stack.LocalAWSURL, &g.LocalAWSURL},
	} {
		u, err := url.Parse(*address.value)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return usagef("%s must be a URL such as %s, not %q", address.flag, address.usual, *address.value)
		}
		*address.value = strings.TrimRight(*address.value, "/")
	}
	return nil
}

// session is one run of a verb: its terminal, the flags of every verb, how it waits, and the installation that it works on.
type session struct {
	*term.Terminal
	name  string // the name by which the program was called
	flags *globals
	wait  waiter
	args  []string // the command line, without the name

	needsHeroku bool // the verb cannot skip Heroku
	*installation.Installation
	helped bool // help was printed, so the verb does not run
}

// installation returns the installation that the flags choose.
func (g *globals) installation(wait waiter, command func(format string, args ...any) string) *installation.Installation {
	opts := installation.Options{
		APIURL: g.APIURL, Stack: g.Stack, Region: g.Region, Profile: g.Profile,
		WithoutHeroku: g.NoHeroku, LookupEnv: os.LookupEnv, Wait: wait, Command: command,
	}
	if g.Local {
		opts.Local = &installation.Local{APIURL: g.LocalAPIURL, AWSURL: g.LocalAWSURL, Server: awslocal.ServerName}
	}
	return installation.New(opts)
}

// with returns a copy of the session with other flags, such as those of a verb that uses the system that this one runs.
func (s *session) with(flags globals) *session {
	other := *s
	other.flags = &flags
	return &other
}

// waiter is clock.Sleep, or a test's replacement for it.
type waiter func(ctx context.Context, d time.Duration) error

// limited returns ctx with a verb's --timeout.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s (--timeout)", limit))
}
