package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// globals are the flags of every verb. Each flag, these and the verbs' own, has an environment variable: its name behind
// HEROKU_DRAINS_, or the AWS SDK's.
type globals struct {
	App string `short:"a" placeholder:"NAME" help:"The Heroku app."`

	Local       bool   `group:"common" help:"Talk to what 'local' runs on this machine, not to AWS."`
	LocalAPIURL string `group:"common" name:"local-api-url" default:"${local_api_url}" help:"Where that has the drains API."`
	LocalAWSURL string `group:"common" name:"local-aws-url" default:"${local_aws_url}" help:"Where that has its AWS."`
	APIURL      string `group:"common" name:"api-url" placeholder:"URL" help:"The drains API, instead of asking the stack for it."`
	Stack       string `group:"common" default:"${stack}" help:"The CloudFormation stack that 'cdk deploy' made."`
	Region      string `group:"common" env:"AWS_REGION" placeholder:"NAME" help:"AWS region."`
	Profile     string `group:"common" env:"AWS_PROFILE" placeholder:"NAME" help:"Profile of the AWS configuration files."`
	Output      string `group:"common" enum:"table,json" default:"table" help:"How to print data: table or json."`
	Yes         bool   `group:"common" help:"Do not ask before something is removed."`
	NoHeroku    bool   `group:"common" help:"Do the AWS side only; the drain URL is then shown with its password."`
	ShowURL     bool   `group:"common" name:"show-url" help:"Show the drain URL with its password."`
	NoColor     bool   `group:"common" help:"No colours and no spinner, as with a variable NO_COLOR."`
}

// check refuses flags that contradict each other.
func (g *globals) check() error {
	if g.Local && g.APIURL != "" {
		return usagef("--local and --api-url lead to different places: leave one out (or unset %[1]s_LOCAL or %[1]s_API_URL); "+
			"where 'local' has its API is said with --local-api-url", variables)
	}
	return nil
}

// Where `local` listens unless it is told otherwise.
const (
	localAPIURL = "http://127.0.0.1:8080"
	localAWSURL = "http://127.0.0.1:4566"
)

// session is one run of a verb: where it reads and writes, the flags of every verb, and how it waits.
type session struct {
	*term.Terminal
	flags    *globals
	wait     waiter
	deployed *stack.Outputs // of the stack, once they are known
}

// app is the app that the verb is for.
func (s *session) app() (string, error) {
	if s.flags.App == "" {
		return "", usagef("no app is given: add -a NAME")
	}
	if err := drain.ValidateApp(s.flags.App); err != nil {
		return "", asUsage(err)
	}
	return s.flags.App, nil
}

// confirm shows the changes and asks the user to type name, that of the app or the stack, unless --yes is given.
func (s *session) confirm(ctx context.Context, name string, changes []string) error {
	if s.flags.Yes {
		return nil
	}
	s.Note("This will\n  %s", strings.Join(changes, "\n  "))
	err := s.Confirm(ctx, fmt.Sprintf("To proceed, type %s (or run again with --yes): ", name), name)
	switch {
	case errors.Is(err, term.ErrNoTerminal):
		return usagef("%v; add --yes", err)
	case errors.Is(err, term.ErrWrongAnswer):
		return usagef("%v; nothing was changed", err)
	}
	return err
}

// waiter is clock.Sleep, or what a test has in its place.
type waiter func(ctx context.Context, d time.Duration) error
