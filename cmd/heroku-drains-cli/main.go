// Command heroku-drains-cli connects Heroku apps to CloudWatch Logs; lib/client/cli holds its verbs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"heroku-drains/lib/client/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(cli.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}
