package alert

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression, which it compiles when it is called first. Most patterns match no line that a process sees, because none has
// their literals, and to compile those of the default rules takes as long as everything else that a function does until it can be called.
type pattern func() *regexp.Regexp

// newPattern returns the pattern of a valid regular expression.
func newPattern(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
