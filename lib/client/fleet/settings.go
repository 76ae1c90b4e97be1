package fleet

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"heroku-drains/lib/drain"
)

// settings are the settings of an app, or the defaults, and the lines that they are in.
type settings struct {
	patch drain.Patch
	lines map[string]int // by the setting's name; settings of a merged mapping have the line of that
}

// settingNames returns the names of all settings, in the order of drain.Patch.
func settingNames() []string {
	var names []string
	for f := range reflect.TypeFor[drain.Patch]().Fields() {
		names = append(names, f.Tag.Get("yaml"))
	}
	return names
}

// settings reads the settings at a place: those of an app, or the defaults.
func (r *reader) settings(place string, node *yaml.Node) settings {
	s := settings{lines: map[string]int{}}
	r.addSettings(&s, place, node, map[*yaml.Node]bool{})
	return s
}

// addSettings adds the settings of a mapping that are not set yet, and those of the mappings that are merged into it with "<<". seen are the
// mappings that were added: one that merges itself, or the same one twice, adds nothing.
func (r *reader) addSettings(s *settings, place string, node *yaml.Node, seen map[*yaml.Node]bool) {
	if isNull(node) || seen[node] {
		return
	}
	seen[node] = true
	if node.Kind != yaml.MappingNode {
		r.bad(node.Line, "%s must have settings such as {format: json}, not %s%s", place, shown(node), r.settingFor(place, node))
		return
	}
	var merged []*yaml.Node
	for e := range r.entries(node, place) {
		if e.key == "<<" {
			merged = append(merged, mergedMappings(e.value)...)
			continue
		}
		if s.lines[e.key] == 0 {
			s.lines[e.key] = e.line
			r.setting(&s.patch, place, e)
		}
	}
	for _, m := range merged {
		r.addSettings(s, place, m, seen)
	}
}

// mergedMappings returns what is merged with "<<": one mapping, or a list of them.
func mergedMappings(node *yaml.Node) []*yaml.Node {
	if node.Kind != yaml.SequenceNode {
		return []*yaml.Node{node}
	}
	var all []*yaml.Node
	for _, item := range node.Content {
		all = append(all, resolve(item))
	}
	return all
}

// settingFor returns how to write a value that stands in place of settings, if it is clear which setting it is of.
func (r *reader) settingFor(place string, node *yaml.Node) string {
	var name string
	switch node.Value {
	case drain.FormatText, drain.FormatJSON:
		name = "format"
	case drain.ANSIKeep, drain.ANSIStrip:
		name = "ansi"
	default:
		return ""
	}
	return fmt.Sprintf(": write %s: {%s: %s}", place, name, node.Value)
}

// setting reads one setting. Without a value, it stays unchanged.
func (r *reader) setting(p *drain.Patch, place string, e entry) {
	i := slices.Index(settingNames(), e.key)
	if i < 0 {
		// The names of put's flags, and what else comes to mind.
		meant := suggestion(strings.ReplaceAll(e.key, "-", "_"), settingNames(), map[string]string{
			"window": "batch_window_seconds", "batch_window": "batch_window_seconds", "batch": "batch_size", "size": "batch_size",
			"concurrency": "maximum_concurrency", "max_concurrency": "maximum_concurrency", "colors": "ansi", "colours": "ansi",
		})
		if meant != "" {
			r.bad(e.line, "%s: unknown setting %s: did you mean %s?", place, e.key, meant)
			return
		}
		r.bad(e.line, "%s: unknown setting %s: the settings are %s", place, e.key, drain.SettingNames)
		return
	}
	switch field := reflect.ValueOf(p).Elem().Field(i).Addr().Interface().(type) {
	case **string:
		*field = r.word(place, e)
	case **int:
		*field = r.number(place, e)
	}
}

// word returns the value of a setting that is a word.
func (r *reader) word(place string, e entry) *string {
	switch {
	case isNull(e.value):
		return nil
	case e.value.Kind != yaml.ScalarNode:
		r.bad(e.line, "%s: %s must be a word, not %s", place, e.key, shown(e.value))
		return nil
	}
	return &e.value.Value
}

// number returns the value of a setting that is a whole number.
func (r *reader) number(place string, e entry) *int {
	if isNull(e.value) {
		return nil
	}
	var n int
	switch {
	case e.value.Kind != yaml.ScalarNode || e.value.Tag != "!!int" && e.value.Tag != "!!str":
		r.bad(e.line, "%s: %s must be a whole number, not %s", place, e.key, shown(e.value))
	case e.value.Tag == "!!str":
		hint := ""
		if _, err := fmt.Sscanf(e.value.Value+"\n", "%d\n", &n); err == nil {
			hint = ": remove the quotes"
		}
		r.bad(e.line, "%s: %s must be a whole number, not %s%s", place, e.key, shown(e.value), hint)
	case e.value.Decode(&n) != nil:
		r.bad(e.line, "%s: %s must be a smaller number, not %s", place, e.key, e.value.Value)
	default:
		return &n
	}
	return nil
}
