// Package fleet compares the apps that are to have drains with the drains there are, and says what is to be done. It calls nobody.
package fleet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"heroku-drains/lib/drain"
)

// File is what a fleet file says.
type File struct {
	Team     string                 // its apps are part of the fleet; empty: no team's
	Exclude  []string               // apps that are left alone: names, or patterns as path.Match has them
	Defaults drain.Patch            // of every app
	Apps     map[string]drain.Patch // each with Defaults for what it does not give itself
}

// document is a file as YAML has it.
type document struct {
	Team     string                 `yaml:"team"`
	Exclude  []string               `yaml:"exclude"`
	Defaults drain.Patch            `yaml:"defaults"`
	Apps     map[string]drain.Patch `yaml:"apps"`
}

// Parse reads a fleet file. Its errors name the line, and what is wrong there: a field that does not exist, an app named twice or as no
// Heroku app can be, a setting that no drain can have.
func Parse(text []byte) (File, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return File{}, readable(err)
	}
	var doc document
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&doc); err != nil && !errors.Is(err, io.EOF) { // an empty file is an empty fleet
		return File{}, readable(err)
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return File{}, errors.New("the file must be one YAML document, and another follows it")
	}
	file := File{Team: doc.Team, Exclude: doc.Exclude, Defaults: doc.Defaults, Apps: map[string]drain.Patch{}}
	return file, file.take(doc.Apps, lines(&root))
}

// take checks what the document says, and adds its apps.
func (f *File) take(apps map[string]drain.Patch, line map[string]int) error {
	if err := f.Defaults.Validate(); err != nil {
		return fmt.Errorf("line %d: defaults: %w", line["defaults"], err)
	}
	for i, pattern := range f.Exclude {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("line %d: exclude: pattern %d, %q, cannot be read: %w", line["exclude"], i+1, pattern, err)
		}
	}
	for _, app := range slices.Sorted(maps.Keys(apps)) {
		if err := drain.ValidateApp(app); err != nil {
			return fmt.Errorf("line %d: %w", line["apps."+app], err)
		}
		merged := f.Defaults.With(apps[app])
		if err := merged.Validate(); err != nil {
			return fmt.Errorf("line %d: %s: %w", line["apps."+app], app, err)
		}
		f.Apps[app] = merged
	}
	return nil
}

// Excluded tells whether an app is to be left alone.
func (f File) Excluded(app string) bool {
	return slices.ContainsFunc(f.Exclude, func(pattern string) bool {
		matched, _ := path.Match(pattern, app) // Parse has tried the pattern
		return matched
	})
}

// lines are the lines of the fields, and of the apps as "apps.NAME".
func lines(root *yaml.Node) map[string]int {
	found := map[string]int{}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return found
	}
	fields := root.Content[0].Content
	for i := 0; i+1 < len(fields); i += 2 {
		found[fields[i].Value] = fields[i].Line
		if fields[i].Value != "apps" {
			continue
		}
		apps := fields[i+1].Content
		for j := 0; j+1 < len(apps); j += 2 {
			found["apps."+apps[j].Value] = apps[j].Line
		}
	}
	return found
}

var (
	unknownField = regexp.MustCompile(`field (\S+) not found in type (?:fleet|drain)\.(\w+)`)
	goType       = regexp.MustCompile(`into (?:map\[string\])?(?:fleet|drain)\.\w+`)
)

// readable says in a file's words what package yaml says in Go's.
func readable(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n  ")
	text = strings.ReplaceAll(text, "\n  ", "; ")
	text = unknownField.ReplaceAllStringFunc(text, func(found string) string {
		parts := unknownField.FindStringSubmatch(found)
		fields := "team, exclude, defaults and apps"
		if parts[2] == "Patch" {
			fields = drain.SettingNames
		}
		return fmt.Sprintf("there is no field %q here: it has %s", parts[1], fields)
	})
	return errors.New(goType.ReplaceAllString(text, "as fields with values"))
}
