package fleet

import (
	"fmt"
	"iter"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// entry is a key of a YAML mapping, and its value.
type entry struct {
	key   string
	line  int
	value *yaml.Node
}

// entries returns the entries of a mapping, each key once. place says what the mapping is.
func (r *reader) entries(node *yaml.Node, place string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		first := map[string]int{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := resolve(node.Content[i]), resolve(node.Content[i+1])
			switch line, again := first[key.Value]; {
			case key.Kind != yaml.ScalarNode:
				r.bad(key.Line, "a key of %s is %s: it must be a name", place, shown(key))
				continue
			case again:
				r.bad(key.Line, "%s: %s is there twice: it is also in line %d", place, key.Value, line)
				continue
			}
			first[key.Value] = key.Line
			if !yield(entry{key: key.Value, line: key.Line, value: value}) {
				return
			}
		}
	}
}

// resolve returns what an alias refers to.
func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// isNull reports whether a value is missing.
func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// shownRunes is how much of a value is shown.
const shownRunes = 40

// shown returns what a value is, for an error.
func shown(node *yaml.Node) string {
	switch node.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	return quoted(node.Value)
}

// quoted returns a text in quotes, shortened if it is long.
func quoted(text string) string {
	if utf8.RuneCountInString(text) > shownRunes {
		text = string([]rune(text)[:shownRunes]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
