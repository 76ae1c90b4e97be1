package cause

import (
	"regexp"
	"strings"
)

// plainWord matches what a shell takes as one word, with no meaning of its own.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Quote returns text as one word of a command line for a POSIX shell.
func Quote(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
