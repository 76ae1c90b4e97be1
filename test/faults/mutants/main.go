// The program mutants breaks the functions on purpose, one mistake at a time, and runs a row of the fault matrix's short form on each, which must fail:
// go run ./test/faults/mutants. Nothing in the tree changes: go build replaces files by an overlay. See docs/faults.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"syscall"
	"time"

	"heroku-drains/test/faults/matrix"
	"heroku-drains/test/faults/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	only := flags.String("only", "*", "run the mutants whose `name` matches this pattern")
	times := flags.Int("times", 1, "run the row of each mutant so many times; it must fail each time")
	write := flags.Bool("write", false, "write the table into docs/faults.md; needs all mutants")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *write && *only != "*" {
		return errors.New("--write needs all mutants: leave out --only")
	}
	good, remove, err := matrix.BuildAll(ctx)
	if err != nil {
		return err
	}
	defer remove()
	l := &lab{good: good, times: *times, out: out, rows: map[string]matrix.Row{}, passed: map[string]bool{}}
	for _, r := range matrix.Rows() {
		l.rows[r.Name] = r
	}
	table := [][]string{{"mutant", "what is wrong", "caught by", "which says"}}
	var missed []error
	for _, m := range mutants() {
		if matches, err := path.Match(*only, m.name); err != nil || !matches {
			continue
		}
		says, err := l.try(ctx, m)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			missed = append(missed, fmt.Errorf("%s: %w", m.name, err))
		}
		table = append(table, []string{"`" + m.name + "`", m.what, "`" + m.row + "`", says})
	}
	text := page.Markdown(table)
	fmt.Fprint(out, "\n", text)
	if err := errors.Join(missed...); err != nil || !*write {
		return err
	}
	return page.Write(page.Mutants(), text)
}

// lab is where mutants are built and tried.
type lab struct {
	good   map[string]string // the functions as they are
	times  int
	out    io.Writer
	rows   map[string]matrix.Row
	passed map[string]bool // the rows that passed without a mutant
}

// try builds a mutant, runs its row on it, and returns what the row says first. The row must fail each time, but not without the mutant.
func (l *lab) try(ctx context.Context, m mutant) (says string, err error) {
	if !l.passed[m.row] {
		if says := l.play(ctx, m.row, l.good); says != "" {
			return "", fmt.Errorf("%s fails without a mutant: %s", m.row, says)
		}
		l.passed[m.row] = true
	}
	folder, err := os.MkdirTemp("", "heroku-drains-mutant-")
	if err != nil {
		return "", fmt.Errorf("create a folder: %w", err)
	}
	defer os.RemoveAll(folder)
	overlay, err := m.overlay(folder)
	if err != nil {
		return "", err
	}
	bad, err := matrix.Build(ctx, filepath.Join(folder, "bin"), overlay, m.functions...)
	if err != nil {
		return "", err
	}
	binaries := maps.Clone(l.good)
	maps.Copy(binaries, bad)
	for range l.times {
		began := time.Now()
		if says = l.play(ctx, m.row, binaries); says == "" {
			return "", fmt.Errorf("%s does not catch it", m.row)
		}
		fmt.Fprintf(l.out, "%-20s caught in %3.0f s by %s: %s\n", m.name, time.Since(began).Seconds(), m.row, says)
	}
	return says, nil
}

// play runs a row, and returns its first problem; "" if it has none.
func (l *lab) play(ctx context.Context, row string, binaries map[string]string) string {
	r, err := matrix.Run(ctx, l.rows[row], matrix.Options{Binaries: binaries})
	switch {
	case err != nil:
		return err.Error()
	case len(r.Problems) > 0:
		return r.Problems[0]
	}
	return ""
}
