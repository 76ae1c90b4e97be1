package fleet

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	yamlPrefix    = regexp.MustCompile(`^(yaml: )?(line \d+: )?`)
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
)

// syntax adds an error of package yaml. It says what is in the line and what was probably meant, because the package's texts are about its
// tokens, and its lines are often those of what surrounds the mistake.
func (r *reader) syntax(err error, text []byte) {
	message := strings.TrimPrefix(err.Error(), yamlPrefix.FindString(err.Error()))
	if m := unknownAnchor.FindStringSubmatch(message); m != nil {
		before, _, _ := bytes.Cut(text, []byte("*"+m[1]))
		r.bad(bytes.Count(before, []byte("\n"))+1, `*%s must be in quotes, because it begins with an asterisk: "*%s"`, m[1], m[1])
		return
	}
	lines := strings.SplitAfter(string(text), "\n")
	number := firstBadLine(lines)
	line, previous := strings.TrimRight(lines[number-1], "\r\n"), ""
	if number > 1 {
		previous = strings.TrimSpace(lines[number-2])
	}
	r.bad(number, "%s is not valid YAML: %s", quoted(strings.TrimSpace(line)), syntaxReason(message, line, previous))
}

// firstBadLine returns the number of a line, from 1, with which the file is no longer YAML, and without which it was.
func firstBadLine(lines []string) int {
	return 1 + sort.Search(len(lines)-1, func(i int) bool {
		var node yaml.Node
		return yaml.Unmarshal([]byte(strings.Join(lines[:i+1], "")), &node) != nil
	})
}

// syntaxReason explains a message of package yaml about a line.
func syntaxReason(message, line, previous string) string {
	indentation := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	switch {
	case strings.Contains(indentation, "\t"):
		return "it is indented with a tab; use spaces"
	case strings.Contains(message, "cannot start any token"):
		return "a text that begins with @, %, a backquote or a tab must be in quotes"
	case strings.Contains(message, "',' or ']'"):
		return "the list is not closed with ]"
	case strings.Contains(message, "',' or '}'"):
		return "the settings are not closed with }"
	case strings.Contains(message, "mapping values are not allowed") && strings.Count(line, ": ") > 1:
		return "it has two colons; write settings in braces, as in shop: {format: json}"
	case strings.Contains(message, "mapping values are not allowed") && previous != "" && !strings.Contains(previous, ":"):
		return "the line before it, " + quoted(previous) + ", has no colon; write " + strings.TrimPrefix(previous, "- ") + ":"
	case strings.Contains(message, "mapping values are not allowed"), strings.Contains(message, "expected key"), strings.Contains(message, "'-' indicator"):
		return "its indentation does not match that of the lines above it"
	case strings.Contains(message, "unexpected end of stream"):
		return "a quotation mark is not closed"
	case strings.Contains(message, "control characters"):
		return "it contains a control character"
	}
	return message
}
