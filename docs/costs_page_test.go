package docs_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/docs/costs"
)

var update = flag.Bool("update", false, "write the tables into costs.md")

// These enclose a table of the page. The first names it.
const (
	tableBegin = "<!-- table: %s; go test ./docs -update -->\n\n"
	tableEnd   = "\n<!-- end of table -->"
)

func TestTablesOfCosts(t *testing.T) {
	const page = "costs.md"
	rewritten := read(t, page)
	tables := costs.Tables()
	for _, table := range tables {
		begin := strings.Replace(tableBegin, "%s", table.Name, 1)
		before, after, begins := strings.Cut(rewritten, begin)
		got, after, ends := strings.Cut(after, tableEnd)
		if !begins || !ends {
			t.Fatalf("%s has no table %q between\n%sand%s", page, table.Name, begin, tableEnd)
		}
		if diff := cmp.Diff(table.Text, got); diff != "" && !*update {
			t.Errorf("%s: the table %q is out of date; `go test ./docs -update` writes it (-want +got):\n%s", page, table.Name, diff)
		}
		rewritten = before + begin + table.Text + tableEnd + after
	}
	if got := strings.Count(rewritten, tableEnd); got != len(tables) {
		t.Errorf("%s has %d tables, but %d are computed", page, got, len(tables))
	}
	if *update {
		if err := os.WriteFile(page, []byte(rewritten), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
