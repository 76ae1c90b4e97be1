// Command heroku-drains-cli sends the logs of Heroku apps to CloudWatch Logs. Package lib/client/cli implements its verbs.
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
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program immediately
	os.Exit(cli.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}
