package fleet

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"heroku-drains/lib/drain"
)

// maxSize is the size of a file that is read, in bytes: more than a file of every app that an account can have.
const maxSize = 1 << 20

// fields are the keys of a fleet file.
func fields() []string { return []string{"team", "exclude", "defaults", "apps"} }

// Parse reads the content of a fleet file of that name. The error is Mistakes, with everything that is wrong.
func Parse(name string, text []byte) (File, error) {
	r := reader{name: name, file: File{Apps: map[string]drain.Patch{}}}
	r.read(text)
	if len(r.mistakes) > 0 {
		slices.SortStableFunc(r.mistakes, func(x, y Mistake) int { return x.Line - y.Line })
		return File{}, r.mistakes
	}
	return r.file, nil
}

// reader reads one file.
type reader struct {
	name     string
	file     File
	apps     []namedApp // the settings of each without the defaults
	mistakes Mistakes
}

// namedApp is an app in the file, and its own settings.
type namedApp struct {
	name     string
	line     int
	settings settings
}

func (r *reader) bad(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{File: r.name, Line: line, Reason: fmt.Sprintf(format, args...)})
}

// read reads the file: first each part by itself, then the apps with the defaults.
func (r *reader) read(text []byte) {
	if len(text) > maxSize {
		r.bad(0, "the file has %d bytes: the limit is %d", len(text), maxSize)
		return
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	var document, another yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return // an empty file is an empty fleet
	case err != nil:
		r.syntax(err, text)
		return
	}
	if err := decoder.Decode(&another); !errors.Is(err, io.EOF) {
		r.bad(another.Line, "the file must be a single YAML document, but another one follows: remove the line with ---")
		return
	}
	defaults := r.document(resolve(document.Content[0]))
	r.file.Defaults = defaults.patch
	if !r.valid("defaults", 0, defaults, defaults.patch) {
		return // the apps would repeat its mistakes
	}
	for _, app := range r.apps {
		merged := defaults.patch.With(app.settings.patch)
		if r.valid(app.name, app.line, app.settings, merged) {
			r.file.Apps[app.name] = merged
		}
	}
}

// valid checks settings, of which given are in the file at this place; line is that of the place.
func (r *reader) valid(place string, line int, given settings, all drain.Patch) bool {
	err := all.Validate()
	if err == nil {
		return true
	}
	text := err.Error()
	name, _, _ := strings.Cut(text, " ") // the message begins with the setting
	if at := given.lines[name]; at > 0 {
		line = at
	}
	r.bad(line, "%s: %s", place, text)
	return false
}

// document reads the fields of the file, and returns the defaults.
func (r *reader) document(node *yaml.Node) (defaults settings) {
	switch {
	case isNull(node):
		return settings{}
	case node.Kind == yaml.SequenceNode:
		r.bad(node.Line, "the file is a list: name it, as in apps: [shop, blog]")
		return settings{}
	case node.Kind != yaml.MappingNode:
		r.bad(node.Line, "the file must have fields such as apps:, not %s", shown(node))
		return settings{}
	}
	for e := range r.entries(node, "the file") {
		switch e.key {
		case "team":
			r.file.Team = r.text(e)
		case "exclude":
			r.exclude(e)
		case "defaults":
			defaults = r.settings(e.key, e.value)
		case "apps":
			r.readApps(e.value)
		default:
			r.unknownField(e)
		}
	}
	return defaults
}

// unknownField says where a field that is not one belongs, or what it was meant to be.
func (r *reader) unknownField(e entry) {
	meant := suggestion(e.key, fields(), map[string]string{"app": "apps", "excludes": "exclude", "default": "defaults", "settings": "defaults"})
	switch {
	case slices.Contains(settingNames(), e.key):
		r.bad(e.line, "%s is a setting: put it under defaults, or under an app", e.key)
	case meant != "":
		r.bad(e.line, "unknown field %s: did you mean %s?", e.key, meant)
	case drain.ValidateApp(e.key) == nil:
		r.bad(e.line, "unknown field %s: the fields are %s; if it is an app, put it under apps", e.key, strings.Join(fields(), ", "))
	default:
		r.bad(e.line, "unknown field %s: the fields are %s", e.key, strings.Join(fields(), ", "))
	}
}

// text returns a value that must be a text; it may be missing.
func (r *reader) text(e entry) string {
	switch {
	case isNull(e.value):
		return ""
	case e.value.Kind != yaml.ScalarNode:
		r.bad(e.line, "%s must be a name, not %s", e.key, shown(e.value))
	}
	return e.value.Value
}

// exclude reads the patterns of apps that are left alone.
func (r *reader) exclude(e entry) {
	for _, item := range r.list(e, "a list") {
		if _, err := path.Match(item.Value, ""); err != nil {
			r.bad(item.Line, "exclude: %q is not a pattern such as review-*: %v", item.Value, err)
			continue
		}
		r.file.Exclude = append(r.file.Exclude, item.Value)
	}
}

// list returns the names in a list.
func (r *reader) list(e entry, want string) []*yaml.Node {
	if isNull(e.value) {
		return nil
	}
	if e.value.Kind != yaml.SequenceNode {
		r.bad(e.line, "%s must be %s, not %s%s", e.key, want, shown(e.value), asList(e))
		return nil
	}
	var names []*yaml.Node
	for _, item := range e.value.Content {
		item = resolve(item)
		switch {
		case isNull(item):
			r.bad(item.Line, "%s: an element of the list is empty", e.key)
		case item.Kind == yaml.MappingNode && e.key == "apps":
			r.bad(item.Line, "apps: an app in a list cannot have settings: write all apps without dashes, as in `shop: {format: json}`")
		case item.Kind == yaml.ScalarNode && strings.Contains(item.Value, " - "):
			r.bad(item.Line, "%s: %s is two lines in one: give each line that begins with a dash the same indentation", e.key, quoted(item.Value))
		case item.Kind != yaml.ScalarNode:
			r.bad(item.Line, "%s: each element of the list must be a name, not %s", e.key, shown(item))
		default:
			names = append(names, item)
		}
	}
	return names
}

// asList returns how to write a single name, or names with commas, as a list.
func asList(e entry) string {
	if e.value.Kind != yaml.ScalarNode {
		return ""
	}
	names := strings.FieldsFunc(e.value.Value, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' })
	dashes := len(names)
	names = slices.DeleteFunc(names, func(name string) bool { return name == "-" })
	reason := ""
	if len(names) < dashes { // YAML joins lines of different indentation
		reason = " (its lines must have the same indentation, and each a dash)"
	}
	return fmt.Sprintf("%s: write %s: [%s]", reason, e.key, strings.Join(names, ", "))
}

// readApps reads a list of apps, or a mapping of apps to their settings.
func (r *reader) readApps(node *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		first := map[string]int{}
		for _, item := range r.list(entry{key: "apps", line: node.Line, value: node}, "a list, or apps with their settings") {
			if line, again := first[item.Value]; again {
				r.bad(item.Line, "apps: %s is there twice: it is also in line %d", item.Value, line)
				continue
			}
			first[item.Value] = item.Line
			r.add(item.Value, item.Line, settings{})
		}
		return
	}
	for e := range r.entries(node, "apps") {
		r.add(e.key, e.line, r.settings(e.key, e.value))
	}
}

func (r *reader) add(app string, line int, own settings) {
	if err := drain.ValidateApp(app); err != nil {
		r.bad(line, "apps: %v", err)
		return
	}
	r.apps = append(r.apps, namedApp{name: app, line: line, settings: own})
}
