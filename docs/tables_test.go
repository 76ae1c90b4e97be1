package docs_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the computed tables into the pages")

// These enclose a table of a page. The first names it.
const (
	tableBegin = "<!-- table: %s; go test ./docs -update -->\n\n"
	tableEnd   = "\n<!-- end of table -->"
)

// table is a table of a page, in Markdown.
type table struct{ name, text string }

// checkTables compares all tables of a page with those that it should have. With -update, it writes these into the page.
func checkTables(t *testing.T, page string, tables []table) {
	t.Helper()
	rewritten := read(t, page)
	for _, table := range tables {
		begin := strings.Replace(tableBegin, "%s", table.name, 1)
		before, after, begins := strings.Cut(rewritten, begin)
		got, after, ends := strings.Cut(after, tableEnd)
		if !begins || !ends {
			t.Fatalf("%s has no table %q between\n%sand%s", page, table.name, begin, tableEnd)
		}
		if diff := cmp.Diff(table.text, got); diff != "" && !*update {
			t.Errorf("%s: the table %q is out of date; `go test ./docs -update` writes it (-want +got):\n%s", page, table.name, diff)
		}
		rewritten = before + begin + table.text + tableEnd + after
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

// checkFile compares a generated file with what it should contain. With -update, it writes it.
func checkFile(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, read(t, name)); diff != "" {
		t.Errorf("%s is out of date; `go test ./docs -update` writes it (-want +got):\n%s", name, diff)
	}
}

// markdown returns a table. The first row is the header.
func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return b.String()
}
