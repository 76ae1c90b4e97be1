package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"heroku-drains/lib/local"
)

type localCmd struct {
	APIAddr string `name:"api-addr" default:"127.0.0.1:8080" help:"Where the drains API listens."`
	AWSAddr string `name:"aws-addr" default:"127.0.0.1:4566" help:"Where its AWS listens."`
	Demo    bool   `help:"Make the drain demo, send it a few lines a second, and show them as they are stored."`
}

// Help is the verb's long help.
func (localCmd) Help() string {
	return `Needs no account, no container, no Heroku: SQS, CloudWatch Logs, Lambda, Secrets Manager and the API gateway are part of this
program, over AWS's own protocols and at least as strict. Prints "ready api=URL aws=URL" once both listen; everything is gone when it ends.
Ctrl-C ends it with exit code 0.

Every other verb finds it with --local, the aws CLI with --endpoint-url.

Examples:

    heroku-drains-cli local --demo
    heroku-drains-cli local --api-addr 127.0.0.1:9080 --aws-addr 127.0.0.1:9566`
}

// Run brings the system up and runs it until it is interrupted.
func (c *localCmd) Run(ctx context.Context, s *session) error {
	var level slog.LevelVar
	level.Set(slog.LevelWarn)
	log := slog.New(slog.NewTextHandler(s.Stderr, &slog.HandlerOptions{Level: &level}))
	system, err := local.Start(ctx, local.Options{APIAddr: c.APIAddr, AWSAddr: c.AWSAddr, Logger: log})
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("start the system: %w; stop what listens there (another `%s local`, LocalStack?), "+
			"or choose other ports with --api-addr and --aws-addr", err, program)
	}
	if err != nil {
		return fmt.Errorf("start the system: %w", err)
	}
	if _, err := fmt.Fprintf(s.Stdout, "ready api=%s aws=%s\n", system.AWS.APIURL(), system.AWS.AWSURL()); err != nil {
		return errors.Join(fmt.Errorf("say that the system is ready: %w", err), system.Close())
	}
	for _, address := range []string{c.APIAddr, c.AWSAddr} {
		if host, _, err := net.SplitHostPort(address); err == nil && !loopback(host) {
			s.Note("Whoever reaches this machine at %s can use the system, for everybody knows its access key: listen on 127.0.0.1 to keep it "+
				"to this machine.", address)
		}
	}
	here := c.session(s, system)
	here.explain(c.Demo)
	if c.Demo {
		err = here.demo(ctx)
	} else {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		err = nil // Ctrl-C is how it ends
	}
	level.Set(slog.LevelError + 1) // what its end cuts off is no news
	return errors.Join(err, system.Close())
}

// loopback tells whether a host to listen on can be reached from this machine alone. No host at all is every address.
func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// session is s with its flags set as `--local` and this system's addresses would set them.
func (c *localCmd) session(s *session, system *local.System) *session {
	flags := *s.flags
	flags.Local, flags.LocalAPIURL, flags.LocalAWSURL = true, system.AWS.APIURL(), system.AWS.AWSURL()
	return &session{Terminal: s.Terminal, flags: &flags, wait: s.wait}
}
