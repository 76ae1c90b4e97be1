// Moto replays calls that tests made to the embedded AWS against moto, an independent imitation of AWS, and lists how the answers differ, with who is
// right. It needs moto_server: pip install 'moto[server]==5.2.1'.
//
//	mkdir /tmp/calls && HEROKU_DRAINS_RECORD=/tmp/calls go test -count=1 ./lib/...
//	go run ./test/moto /tmp/calls
//
// It fails if answers differ in a way that verdicts.go does not judge.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("give the folder with the recorded calls")
	}
	server, err := startMoto(ctx)
	if err != nil {
		return err
	}
	defer server.stop()
	result, err := replayAll(ctx, server, args[0])
	if err != nil {
		return err
	}
	unjudged := result.print(os.Stdout)
	if unjudged > 0 {
		return fmt.Errorf("%d disagreements are not judged in verdicts.go", unjudged)
	}
	return nil
}
