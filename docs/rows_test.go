package docs_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named matches a row of a table that is about one thing with a name, such as a file or a flag.
var named = regexp.MustCompile("^\\| (`[^`]+`) \\|")

func TestNoTableDescribesAThingTwice(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md") {
		seen := map[string]bool{}
		for line := range strings.Lines(read(t, page)) {
			if !strings.HasPrefix(line, "|") {
				clear(seen) // the table has ended
				continue
			}
			m := named.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if seen[m[1]] {
				t.Errorf("%s: two rows of a table are about %s", page, m[1])
			}
			seen[m[1]] = true
		}
	}
}
