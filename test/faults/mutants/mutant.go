package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"heroku-drains/lib/stack"
)

// mutant is a mistake in the functions.
type mutant struct {
	name, what string
	row        string   // of the short form, which must catch it each time
	functions  []string // that have it
	edits      []edit
}

// edit replaces a piece of a source file.
type edit struct{ file, old, new string }

// files returns the paths of the files that the mutant changes.
func (m mutant) files() []string {
	var files []string
	for _, e := range m.edits {
		if path := e.path(); !slices.Contains(files, path) {
			files = append(files, path)
		}
	}
	return files
}

// path returns the path of the file, which is found from where this package was compiled.
func (e edit) path() string {
	_, source, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(source), "../../..", e.file)
}

// apply returns a file as the mutant has it.
func (m mutant) apply(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text := string(content)
	for _, e := range m.edits {
		if e.path() != path {
			continue
		}
		if n := strings.Count(text, e.old); n != 1 {
			return "", fmt.Errorf("%s contains %d times, want once:\n%s", e.file, n, e.old)
		}
		text = strings.Replace(text, e.old, e.new, 1)
	}
	return text, nil
}

// drains returns a mutant of the drains function.
func drains(name, row, what string, edits ...edit) mutant {
	return mutant{name: name, what: what, row: row, functions: []string{stack.DrainsSource}, edits: edits}
}

// storage returns a mutant of the storage function.
func storage(name, row, what string, edits ...edit) mutant {
	return mutant{name: name, what: what, row: row, functions: []string{stack.StorageSource}, edits: edits}
}

// overlay writes the changed files into a folder, and the file that go build -overlay takes, and returns its path.
func (m mutant) overlay(folder string) (string, error) {
	replace := map[string]string{}
	for i, file := range m.files() {
		changed, err := m.apply(file)
		if err != nil {
			return "", err
		}
		replace[file] = filepath.Join(folder, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(replace[file], []byte(changed), 0o600); err != nil {
			return "", err
		}
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, content, 0o600)
}
