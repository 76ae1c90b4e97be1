// The program mutants breaks the functions on purpose, one mistake at a time, and runs the short form of the fault matrix on each, which must fail:
// go run ./test/faults/mutants. Nothing in the tree changes: go build replaces files by an overlay. See docs/faults.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"heroku-drains/test/faults/matrix"
	"heroku-drains/test/faults/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	only := flags.String("only", "*", "run the mutants whose `name` matches this pattern")
	write := flags.Bool("write", false, "write the table into docs/faults.md; needs all mutants")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *write && *only != "*" {
		return errors.New("--write needs all mutants: leave out --only")
	}
	lab, err := newLab(ctx)
	if err != nil {
		return err
	}
	defer lab.close()
	rows := [][]string{{"mutant", "what is wrong", "caught by", "because"}}
	var missed []error
	for _, m := range mutants() {
		if matches, err := filepath.Match(*only, m.name); err != nil || !matches {
			continue
		}
		began := time.Now()
		caught, err := lab.try(ctx, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(out, "%-22s caught in %s by %s\n", m.name, time.Since(began).Round(time.Second), strings.Join(caught.rows, ", "))
		if len(caught.rows) == 0 {
			missed = append(missed, fmt.Errorf("nothing caught %s: %s", m.name, m.what))
		}
		rows = append(rows, []string{"`" + m.name + "`", m.what, caught.list(), caught.because})
	}
	text := page.Markdown(rows)
	fmt.Fprint(out, "\n", text)
	if err := errors.Join(missed...); err != nil || !*write {
		return err
	}
	return page.Write(page.Mutants(), text)
}

// lab is where mutants are built and tried.
type lab struct {
	folder string
	test   string // the short form, compiled
	good   map[string]string
}

// newLab compiles the short form, and the functions as they are, on which it must pass.
func newLab(ctx context.Context) (*lab, error) {
	folder, err := os.MkdirTemp("", "heroku-drains-mutants-")
	if err != nil {
		return nil, fmt.Errorf("create a folder: %w", err)
	}
	l := &lab{folder: folder, test: filepath.Join(folder, "faults.test")}
	if err := l.prepare(ctx); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *lab) prepare(ctx context.Context) (err error) {
	if err := compileShort(ctx, l.test); err != nil {
		return err
	}
	good := filepath.Join(l.folder, "good")
	if l.good, err = matrix.Build(ctx, good, "", matrix.Sources()...); err != nil {
		return err
	}
	caught, err := l.run(ctx, good)
	if err != nil {
		return err
	}
	if len(caught.rows) > 0 {
		return fmt.Errorf("the short form fails without a mutant, in %s: %s", caught.list(), caught.because)
	}
	return nil
}

func (l *lab) close() { _ = os.RemoveAll(l.folder) }
