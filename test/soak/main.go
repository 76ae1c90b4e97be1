// Soak sends the highest load that the machine sustains to the whole system on this machine: the functions' real binaries on the embedded AWS. It
// checks every line that was acknowledged against the store, exact to the byte, and measures responses and memory.
//
//	go run ./test/soak --senders 50 --for 10m
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"heroku-drains/lib/client/simulate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// defaultWindow is the --window of the highest load: with fewer lines under way, POSTs are smaller, and with more, they only wait longer.
const defaultWindow = 30_000

// options are what is soaked, and for how long.
type options struct {
	senders   int           // Logplex nodes of all apps together
	apps      int           //
	duration  time.Duration // without warmUp
	warmUp    time.Duration // before anything is measured
	window    int           // lines of all apps that may be under way: made, and not checked yet
	rate      float64       // lines per second of all apps; 0 for the highest that the window allows
	space     bool          // send as log-shuttle
	inProcess bool          // run the functions in this process
	every     time.Duration // between rows of the table
	page      string        // where to write the page and its plot; empty for nowhere
	profiles  string        // a folder to write this process's profiles into; empty for none
}

func parse(args []string) (options, error) {
	var o options
	var write bool
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.IntVar(&o.senders, "senders", 50, "Logplex nodes of all apps together, each with one POST at a time")
	flags.IntVar(&o.apps, "apps", 10, "apps, each with a drain")
	flags.DurationVar(&o.duration, "for", 10*time.Minute, "how long to measure")
	flags.DurationVar(&o.warmUp, "warm-up", 2*time.Minute, "how long to send before that")
	flags.IntVar(&o.window, "window", defaultWindow, "lines of all apps that may be under way: made, and not compared with the store yet")
	flags.Float64Var(&o.rate, "rate", 0, "lines per second of all apps; 0 for as many as are stored and checked in a second")
	flags.BoolVar(&o.space, "space", false, "send as log-shuttle does for the apps of a Private Space")
	flags.BoolVar(&o.inProcess, "in-process", false, "run the functions in this process, not their binaries")
	flags.DurationVar(&o.every, "every", time.Minute, "time between the rows of the table")
	flags.StringVar(&o.profiles, "profiles", "", "a folder for profiles of this process: its CPU while it measures, and its heap at the end")
	flags.BoolVar(&write, "write", false, "write docs/soak.md and its plot")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.apps < 1 || o.senders < o.apps || o.duration <= 0 || o.every <= 0 || o.window < 1 {
		return o, errors.New("--apps must be at least 1, --senders at least as many, --for, --every and --window more than 0")
	}
	if write {
		o.page = "docs"
	}
	return o, nil
}

// mode returns how lines are delivered.
func (o options) mode() simulate.Mode {
	if o.space {
		return simulate.Space
	}
	return simulate.Cedar
}

// run soaks the system, and prints what it measures. Its error says whether lines were lost or changed.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	s, err := start(ctx, o)
	if err != nil {
		return err
	}
	result, err := s.soak(ctx, out)
	if err := errors.Join(err, s.close()); err != nil {
		return err
	}
	if o.page != "" {
		if err := result.write(o.page); err != nil {
			return err
		}
	}
	return result.verdict()
}
