// The program faults runs the fault matrix: go run ./test/faults. See docs/faults.md, which it writes with --write.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"strings"
	"sync"
	"syscall"
	"time"

	"heroku-drains/test/faults/matrix"
	"heroku-drains/test/faults/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	rows     string
	parallel int
	list     bool
	write    bool
	verbose  bool
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.StringVar(&o.rows, "rows", "*", "run the rows whose `names` match one of these patterns, such as 'kill-*,calm'")
	flags.IntVar(&o.parallel, "parallel", 3, "run so many rows at once")
	flags.BoolVar(&o.list, "list", false, "list the rows, and run none")
	flags.BoolVar(&o.write, "write", false, "write the table into docs/faults.md; needs all rows")
	flags.BoolVar(&o.verbose, "verbose", false, "print what the functions print")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	rows, err := choose(o.rows)
	if err != nil {
		return err
	}
	if o.write && o.rows != "*" {
		return errors.New("--write needs all rows: leave out --rows")
	}
	if o.list {
		for _, r := range rows {
			fmt.Fprintf(out, "%-28s %s\n", r.Name, r.Fault)
		}
		return nil
	}
	results, err := runAll(ctx, rows, o, out)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\n", table(results), "\n", explanations(results))
	if err := failures(results); err != nil {
		return err
	}
	var failed error
	if o.write {
		failed = errors.Join(page.Write(page.Rows(), table(results)), page.Write(page.Explanations(), explanations(results)))
	}
	return errors.Join(failed, slowness(results))
}

// choose returns the rows whose names match one of the patterns.
func choose(patterns string) ([]matrix.Row, error) {
	var rows []matrix.Row
	for _, r := range matrix.Rows() {
		for pattern := range strings.SplitSeq(patterns, ",") {
			matches, err := path.Match(pattern, r.Name)
			if err != nil {
				return nil, fmt.Errorf("--rows: %w", err)
			}
			if matches {
				rows = append(rows, r)
				break
			}
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no row matches %q: --list shows all", patterns)
	}
	return rows, nil
}

// runAll builds the functions and runs rows, some of them at once. It returns what came of them, in their order.
func runAll(ctx context.Context, rows []matrix.Row, o options, out io.Writer) ([]matrix.Result, error) {
	binaries, remove, err := matrix.BuildAll(ctx)
	if err != nil {
		return nil, err
	}
	defer remove()
	run := matrix.Options{Binaries: binaries}
	if o.verbose {
		run.Output = out
	}
	results := make([]matrix.Result, len(rows))
	slots := make(chan struct{}, o.parallel)
	var all sync.WaitGroup
	var printing sync.Mutex
	for i, row := range rows {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			r, err := matrix.Run(ctx, row, run)
			if err != nil {
				r.Row = row
				r.Problems = append(r.Problems, err.Error())
			}
			results[i] = r
			printing.Lock()
			defer printing.Unlock()
			report(out, r)
		})
	}
	all.Wait()
	return results, ctx.Err()
}

// report prints what came of a row.
func report(out io.Writer, r matrix.Result) {
	fmt.Fprintf(out, "%-26s %6d made %6d acknowledged %5d dropped %6d stored %4d dead letters %4d lost %5d twice %5d sent twice  p99.9 %-8s recovery %-8s took %s\n",
		r.Row.Name, r.Made, r.Acknowledged, r.Dropped, r.Stored, r.Letters, r.Lost, r.Duplicated, r.Copies, r.P999.Round(time.Millisecond), r.Recovery.Round(time.Second/10), r.Took.Round(time.Second/10))
	for _, p := range r.Problems {
		fmt.Fprintln(out, "    problem:", p)
	}
	for _, p := range r.TooSlow() {
		fmt.Fprintln(out, "    slow:", p)
	}
	if len(r.Problems) > 0 {
		for _, e := range r.Examples {
			fmt.Fprintln(out, "    ", e)
		}
	}
}

// failures returns an error that names the rows with problems.
func failures(results []matrix.Result) error {
	var failed []error
	for _, r := range results {
		if len(r.Problems) > 0 {
			failed = append(failed, fmt.Errorf("%s: %s", r.Row.Name, strings.Join(r.Problems, "; ")))
		}
	}
	return errors.Join(failed...)
}

// slowness returns an error that names the rows that took too long.
func slowness(results []matrix.Result) error {
	var slow []error
	for _, r := range results {
		if problems := r.TooSlow(); len(problems) > 0 {
			slow = append(slow, fmt.Errorf("%s: %s", r.Row.Name, strings.Join(problems, "; ")))
		}
	}
	return errors.Join(slow...)
}
