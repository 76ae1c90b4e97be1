package alert

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression, which it compiles when it is called first. Most patterns match no line that a process sees, because none has
// their literals, and to compile those of the default rules took a third of the time until a function could be called.
type pattern func() *regexp.Regexp

// newPattern returns the pattern of a valid regular expression.
func newPattern(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
