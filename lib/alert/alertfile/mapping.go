package alertfile

import (
	"bytes"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is a key of a YAML mapping, and its value.
type entry struct {
	key   string
	line  int
	value *yaml.Node
}

// mapping returns the entries of a mapping, each key once. What and content say what the mapping is, if it is not one.
func (r *reader) mapping(node *yaml.Node, what, content string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		node = resolve(node)
		if isNull(node) {
			return
		}
		if node.Kind != yaml.MappingNode {
			r.bad(node.Line, "%s must have %s", what, content)
			return
		}
		first := map[string]int{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := resolve(node.Content[i]), resolve(node.Content[i+1])
			switch line, again := first[key.Value]; {
			case key.Kind != yaml.ScalarNode:
				r.bad(key.Line, "a key of %s is not a name", what)
				continue
			case again:
				r.bad(key.Line, "%s: %s is there twice: it is also in line %d", what, key.Value, line)
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
func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null"
}

var (
	yamlLine      = regexp.MustCompile(`^line (\d+): `)
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
)

// syntax adds an error of package yaml, in which a name that begins with an asterisk is an alias.
func (r *reader) syntax(err error, file []byte) {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1]) // digits
		text = text[len(m[0]):]
	}
	if m := unknownAnchor.FindStringSubmatch(text); m != nil {
		before, _, _ := bytes.Cut(file, []byte("*"+m[1])) // the error has no line
		line = bytes.Count(before, []byte("\n")) + 1
		r.bad(line, `*%s must be in quotes, because it begins with an asterisk: "*%s"`, m[1], m[1])
		return
	}
	r.bad(line, "not YAML: %s", text)
}
