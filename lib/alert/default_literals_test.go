package alert_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"testing"

	"heroku-drains/lib/alert"
)

var update = flag.Bool("update", false, "write default_literals.go")

const literalsFile = "default_literals.go"

// The literals of the default rules stand in the code, because a function would take a tenth of its start to find them in the patterns:
// go test ./lib/alert -run TestDefaultLiterals -update writes them.
func TestDefaultLiterals(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString("package alert\n\n// defaultLiterals returns the texts of which every match of a default rule's pattern contains one, as required finds them, if it is such a\n" +
		"// pattern. go test ./lib/alert -run TestDefaultLiterals -update writes this file.\nfunc defaultLiterals(pattern string) (literals []string, known bool) {\n\tswitch pattern {\n")
	for _, d := range alert.Catalogue() {
		if d.Rule.Pattern == "" {
			continue
		}
		literals, ok := alert.Required(d.Rule.Pattern)
		if !ok {
			t.Fatalf("%s has a pattern that is wrong", d.Rule.Name)
		}
		fmt.Fprintf(&b, "\tcase %#q: // %s\n\t\treturn %#v, true\n", d.Rule.Pattern, d.Rule.Name, literals)
	}
	b.WriteString("\t}\n\treturn nil, false\n}\n")
	want, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(literalsFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(literalsFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is out of date; go test ./lib/alert -run TestDefaultLiterals -update writes it (%v)", literalsFile, err)
	}
}
