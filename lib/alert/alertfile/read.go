package alertfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"heroku-drains/lib/alert"
)

// Name is the name of the file. It is in the folder of cdk.json.
const Name = "alerts.yaml"

// maxSize is the size of a file that is read, in bytes: far more than the rules that it can have.
const maxSize = 1 << 20

// Error is something in a file that is wrong.
type Error struct {
	File   string // its name, or path
	Line   int    // from 1; 0: the file as a whole
	Reason string
}

func (e Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Errors are everything that is wrong with a file, in the order of its lines.
type Errors []Error

func (all Errors) Error() string {
	texts := make([]string, len(all))
	for i, e := range all {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// Load reads the file in a folder. Without one, it returns no changes. See Read for the errors.
func Load(folder string) (alert.Config, error) {
	path := filepath.Join(folder, Name)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the alert rules: %w", err)
	}
	return Read(path, text)
}

// Read reads the content of a file with that name. The rules compile: see alert.Compile. The error is Errors, with everything that is wrong.
func Read(file string, text []byte) (alert.Config, error) {
	r := reader{file: file, lines: make(map[place]int)}
	c := r.read(text)
	r.check(c)
	if len(r.errors) > 0 {
		slices.SortStableFunc(r.errors, func(x, y Error) int { return x.Line - y.Line })
		return nil, r.errors
	}
	return c, nil
}

// reader reads one file.
type reader struct {
	file   string
	lines  map[place]int
	errors Errors
}

// place is a section, a rule in it, or a field of a rule.
type place struct {
	kind        alert.Kind
	rule, field string
}

func (r *reader) bad(line int, format string, args ...any) {
	r.errors = append(r.errors, Error{File: r.file, Line: line, Reason: fmt.Sprintf(format, args...)})
}

// read reads the YAML.
func (r *reader) read(text []byte) alert.Config {
	if len(text) > maxSize {
		r.bad(0, "the file has %d bytes: the limit is %d", len(text), maxSize)
		return nil
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	var document, another yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil // an empty file
	case err != nil:
		r.syntax(err, text)
		return nil
	}
	if err := decoder.Decode(&another); !errors.Is(err, io.EOF) {
		r.bad(another.Line, "the file must be a single YAML document, but another one follows")
		return nil
	}
	c := alert.Config{}
	for section := range r.mapping(document.Content[0], "the file", "sections such as codes: and regexps:") {
		kind := alert.Kind(section.key)
		r.lines[place{kind: kind}] = section.line
		if alert.Fields(kind) == nil {
			r.bad(section.line, "unknown section %s: the sections are %s", section.key, kinds())
			continue
		}
		if isNull(section.value) {
			continue
		}
		c[kind] = map[string]alert.Change{}
		for rule := range r.mapping(section.value, section.key, "rules by their names") {
			r.lines[place{kind: kind, rule: rule.key}] = rule.line
			before := len(r.errors)
			if change := r.change(kind, rule); len(r.errors) == before {
				c[kind][rule.key] = change // others cannot be compiled
			}
		}
	}
	return c
}

// check compiles the rules, and adds what is wrong with them.
func (r *reader) check(c alert.Config) {
	_, err := alert.Compile(c)
	problems, ok := errors.AsType[alert.Problems](err)
	if !ok {
		return
	}
	for _, p := range problems {
		line := 0
		for _, at := range []place{{p.Kind, p.Rule, p.Field}, {p.Kind, p.Rule, ""}, {p.Kind, "", ""}} {
			if line = r.lines[at]; line > 0 {
				break
			}
		}
		r.bad(line, "%s", p.Error())
	}
}

func kinds() string {
	var names []string
	for _, k := range alert.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
