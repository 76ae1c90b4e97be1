package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

// TestCompletion compares the completion scripts with what the templates in testdata/completion make of the command line. With -update, it writes
// them.
func TestCompletion(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Name(program), vars())
	if err != nil {
		t.Fatal(err)
	}
	parser.Model.HelpFlag.Help = helpOfHelp
	templates, err := template.New("").Funcs(template.FuncMap{
		"join":  func(words []string) string { return strings.Join(words, " ") },
		"quote": singleQuoted,
		"fish":  fishQuoted,
		"spec":  zshSpec,
	}).ParseGlob("testdata/completion/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		var script strings.Builder
		if err := templates.ExecuteTemplate(&script, shell+".tmpl", newCompletion(parser.Model.Node)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("completion", shell)
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		committed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(script.String(), string(committed)); diff != "" {
			t.Errorf("%s is not that of this command line: run go test -run TestCompletion -update (-want +got)\n%s", file, diff)
		}
	}
}

// singleQuoted quotes text as one literal word for bash and zsh.
func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuoted quotes text as one literal word for fish.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// zshSpec escapes what _arguments and _describe would interpret in a text.
func zshSpec(text string) string {
	return strings.NewReplacer(":", `\:`, "[", `\[`, "]", `\]`).Replace(text)
}
