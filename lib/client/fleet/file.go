// Package fleet brings the drains of many apps in line with a file: Parse reads the file, Survey collects the existing drains, Plan compares the
// two, and Apply carries out the plan.
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

// File is the content of a fleet file.
type File struct {
	Team     string                 // a Heroku team whose apps are all part of the fleet; may be empty
	Exclude  []string               // apps to ignore: names, or patterns for path.Match
	Defaults drain.Patch            // the settings of apps that do not set them
	Apps     map[string]drain.Patch // with Defaults merged in
}

// document is the YAML form of a File.
type document struct {
	Team     string                 `yaml:"team"`
	Exclude  []string               `yaml:"exclude"`
	Defaults drain.Patch            `yaml:"defaults"`
	Apps     map[string]drain.Patch `yaml:"apps"`
}

// Parse reads a fleet file. Its errors name the line, and what is wrong there: an unknown field, an app that is named twice, an invalid app name
// or setting.
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
		return File{}, errors.New("the file must be a single YAML document, but another one follows")
	}
	file := File{Team: doc.Team, Exclude: doc.Exclude, Defaults: doc.Defaults, Apps: map[string]drain.Patch{}}
	return file, file.check(doc.Apps, lines(&root))
}

// check validates the file, and adds the apps with their merged settings.
func (f *File) check(apps map[string]drain.Patch, line map[string]int) error {
	if err := f.Defaults.Validate(); err != nil {
		return fmt.Errorf("line %d: defaults: %w", line["defaults"], err)
	}
	for i, pattern := range f.Exclude {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("line %d: exclude: pattern %d, %q, is invalid: %w", line["exclude"], i+1, pattern, err)
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

// Excluded reports whether an app is left alone.
func (f File) Excluded(app string) bool {
	return slices.ContainsFunc(f.Exclude, func(pattern string) bool {
		matched, _ := path.Match(pattern, app) // Parse has checked the pattern
		return matched
	})
}

// lines returns the line numbers of the fields, and of the apps as "apps.NAME".
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
	wrongType    = regexp.MustCompile("cannot unmarshal !!(\\w+)(?: `([^`]*)`)? into (\\S+)")
)

// readable returns an error of package yaml in terms of the file instead of Go types.
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
		return fmt.Sprintf("unknown field %q: the fields are %s", parts[1], fields)
	})
	return errors.New(wrongType.ReplaceAllStringFunc(text, func(found string) string {
		parts := wrongType.FindStringSubmatch(found)
		want, ok := map[string]string{"int": "a whole number", "string": "a string", "[]string": "a list"}[parts[3]]
		if !ok {
			want = "a mapping"
		}
		got, ok := map[string]string{"seq": "a list", "map": "a mapping"}[parts[1]]
		if !ok {
			got = fmt.Sprintf("%q", parts[2])
		}
		return fmt.Sprintf("must be %s, not %s", want, got)
	}))
}
