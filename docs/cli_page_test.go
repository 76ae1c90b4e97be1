package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// helpFolder has the help texts of the verbs, which the tests of the CLI compare with what it prints.
const helpFolder = "../lib/client/cli/testdata/help"

// listed matches a verb in the list of a help text.
var listed = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*)  `)

// TestPageOfTheCommandLine compares the page with the help texts. With -update, it writes it.
func TestPageOfTheCommandLine(t *testing.T) {
	var list, texts strings.Builder
	described := 1
	var describe func(verb string)
	describe = func(verb string) {
		text := helpOf(t, strings.ReplaceAll(verb, " ", "_"))
		described++
		fmt.Fprintf(&list, "%s- [%s](#%s)\n", strings.Repeat("  ", strings.Count(verb, " ")), verb, strings.ReplaceAll(verb, " ", "-"))
		text, _, _ = strings.Cut(text, "\nCommon flags:\n")
		fmt.Fprintf(&texts, "\n## %s\n\n```\n%s\n```\n", verb, strings.TrimSpace(text))
		for _, sub := range verbsIn(text) {
			describe(verb + " " + sub)
		}
	}
	program := helpOf(t, "program")
	for _, verb := range verbsIn(program) {
		describe(verb)
	}
	page := "# The command line\n\nWhat `heroku-drains-cli help VERB` prints. This page is written by `go test ./docs -update`.\n\n" +
		list.String() + "\n```\n" + strings.TrimSpace(program) + "\n```\n" + texts.String()
	checkFile(t, "cli.md", page)
	if files, err := filepath.Glob(filepath.Join(helpFolder, "*.txt")); err != nil || 2*described != len(files) {
		t.Errorf("the page describes %d verbs, but there are %d help texts, a short and a long one for each: %v", described, len(files), err)
	}
}

func helpOf(t *testing.T, verb string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(helpFolder, verb+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// verbsIn returns the verbs that a help text lists.
func verbsIn(help string) []string {
	_, list, _ := strings.Cut(help, "\nVerbs:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	var verbs []string
	for _, match := range listed.FindAllStringSubmatch(list, -1) {
		verbs = append(verbs, match[1])
	}
	return verbs
}
