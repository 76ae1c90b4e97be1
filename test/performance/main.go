// Performance measures the functions from the bytes of an event to those of the requests to AWS, beside functions that are written the usual way.
//
//	go run ./test/performance --write
//
// The same paths are benchmarks: go test ./test/performance -bench .
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

// options are what is measured, and for how long.
type options struct {
	only   *regexp.Regexp // the paths
	rounds int
	each   time.Duration // of a way in a round
	before string        // the folder of another module, the functions of which are measured, too; empty: none
	page   string        // where to write the tables, and beside it the plots; empty for nowhere
}

func parse(args []string) (options, error) {
	var o options
	var only string
	var write bool
	flags := flag.NewFlagSet("performance", flag.ContinueOnError)
	flags.StringVar(&only, "only", "", "a regular expression that matches what is measured, such as `ingest|text`")
	flags.IntVar(&o.rounds, "rounds", 9, "how often each way is measured; the fastest counts")
	flags.DurationVar(&o.each, "each", 100*time.Millisecond, "how long a way is measured in a round")
	flags.StringVar(&o.before, "before", "", "the `folder` of an earlier version of this module, for the time until the first line is stored")
	flags.BoolVar(&write, "write", false, "write the tables and plots of "+pageFile)
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if write {
		o.page = pageFile
	}
	var err error
	if o.only, err = regexp.Compile(only); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.each <= 0 {
		return o, fmt.Errorf("--rounds and --each must be more than 0")
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	var results []result
	for _, p := range paths(plotSizes) {
		if !o.only.MatchString(p.String()) {
			continue
		}
		r, err := measure(ctx, p, o.rounds, o.each)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		fmt.Fprintln(out, r)
		results = append(results, r)
	}
	b, err := bills(ctx)
	if err != nil {
		return err
	}
	tables := []table{billTable(b)}
	var pictures []picture
	if len(results) > 0 {
		tables = append(tables, timeTable(results))
	}
	if len(results) == len(paths(plotSizes)) {
		pictures = append(pictures, sizePlot(results))
	}
	if o.only.MatchString(appsName) {
		p, err := measureApps(ctx, out)
		if err != nil {
			return fmt.Errorf("several apps: %w", err)
		}
		pictures = append(pictures, p)
	}
	if o.only.MatchString(startName) {
		s, err := startAll(ctx, starts)
		if err != nil {
			return err
		}
		tables = append(tables, startTable(s))
	}
	if o.only.MatchString(coldName) {
		t, err := measureLines(ctx, "", ".")
		if err != nil {
			return err
		}
		if o.before != "" {
			before, err := measureLines(ctx, "before, ", o.before)
			if err != nil {
				return err
			}
			t = append(before, t...)
		}
		tables = append(tables, lineTable(t))
	}
	cli, err := cliTables(ctx, o)
	if err != nil {
		return err
	}
	tables = append(tables, cli...)
	if o.page == "" {
		fmt.Fprintln(out)
		for _, t := range tables {
			fmt.Fprintf(out, "%s:\n\n%s\n", t.name, t.text)
		}
		return nil
	}
	for _, p := range pictures {
		if err := p.write(); err != nil {
			return err
		}
	}
	return writeTables(o.page, tables)
}
