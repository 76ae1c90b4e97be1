package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"heroku-drains/test/faults/matrix"
)

// catch is what found a mutant.
type catch struct {
	rows    []string // of the short form
	because string   // what the first one says
}

// list returns the first few rows.
func (c catch) list() string {
	const most = 4
	names := c.rows[:min(len(c.rows), most)]
	text := "`" + strings.Join(names, "`, `") + "`"
	if more := len(c.rows) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// try builds a mutant and runs the short form on it.
func (l *lab) try(ctx context.Context, m mutant) (catch, error) {
	folder := filepath.Join(l.folder, m.name)
	overlay, err := m.overlay(folder)
	if err != nil {
		return catch{}, err
	}
	if _, err := matrix.Build(ctx, folder, overlay, m.functions...); err != nil {
		return catch{}, err
	}
	for name, binary := range l.good {
		path := matrix.Built(folder)[name]
		if _, err := os.Stat(path); err == nil {
			continue // it is part of the mutant
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return catch{}, err
		}
		if err := os.Link(binary, path); err != nil {
			return catch{}, err
		}
	}
	defer os.RemoveAll(folder)
	return l.run(ctx, folder)
}

// overlay writes the changed files and the file that go build -overlay takes, and returns its path.
func (m mutant) overlay(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	replace := map[string]string{}
	for i, file := range m.files() {
		changed, err := m.apply(file)
		if err != nil {
			return "", err
		}
		copied := filepath.Join(folder, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(copied, []byte(changed), 0o600); err != nil {
			return "", err
		}
		replace[file] = copied
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, content, 0o600)
}

// compileShort compiles the tests of the matrix.
func compileShort(ctx context.Context, output string) error {
	compile := exec.CommandContext(ctx, "go", "test", "-c", "-o", output, "heroku-drains/test/faults")
	if text, err := compile.CombinedOutput(); err != nil {
		return fmt.Errorf("compile the short form: %w\n%s", err, text)
	}
	return nil
}

var failed = regexp.MustCompile(`(?m)^\s+--- FAIL: TestShort/(\S+)`)

// running matches the rows that had not ended when the time was up.
var running = regexp.MustCompile(`(?m)^\s+TestShort/(\S+) \(`)

// reason is what a failed row says first.
var reason = regexp.MustCompile(`(?m)^\s+faults_test\.go:\d+: (.*)$`)

// run runs the short form with the binaries in a folder.
func (l *lab) run(ctx context.Context, folder string) (catch, error) {
	command := exec.CommandContext(ctx, l.test, "-test.run", "^TestShort$", "-test.failfast", "-test.timeout", "4m")
	command.Env = append(os.Environ(), matrix.BinariesVariable+"="+folder)
	command.Dir = folder
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if ctx.Err() != nil {
		return catch{}, ctx.Err()
	}
	if err == nil {
		return catch{}, nil
	}
	var c catch
	for _, match := range failed.FindAllStringSubmatch(output.String(), -1) {
		c.rows = append(c.rows, match[1])
	}
	if match := reason.FindStringSubmatch(output.String()); match != nil {
		c.because = match[1]
	}
	if len(c.rows) == 0 {
		// It hangs: the rows wait until lines are stored.
		for _, match := range running.FindAllStringSubmatch(output.String(), -1) {
			c.rows, c.because = append(c.rows, match[1]), "the row does not end"
		}
	}
	if len(c.rows) == 0 {
		return c, fmt.Errorf("run the short form: %w\n%.2000s", err, output.Bytes())
	}
	return c, nil
}
