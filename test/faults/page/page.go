// Package page reads and writes the tables of docs/faults.md.
package page

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// These enclose a table. The first names it, and says which program writes it.
const (
	begin = "<!-- table: %s; %s -->\n\n"
	end   = "\n<!-- end of table -->"
)

// Table is a table of the page.
type Table struct {
	Name   string
	Writer string // the command that writes it
}

// The commands that write tables.
const (
	matrix  = "go run ./test/faults --write"
	mutants = "go run ./test/faults/mutants --write"
)

// Rows returns the table of what came of each row.
func Rows() Table { return Table{Name: "rows", Writer: matrix} }

// Explanations returns the table of what may come of a row besides stored lines.
func Explanations() Table { return Table{Name: "explanations", Writer: matrix} }

// Mutants returns the table of the mutants.
func Mutants() Table { return Table{Name: "mutants", Writer: mutants} }

// File returns the path of the page, which is found from where this package was compiled.
func File() string {
	_, source, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(source), "../../../docs/faults.md")
}

// Read returns a table of the page, in Markdown.
func Read(t Table) (string, error) {
	_, text, _, err := cut(t)
	return text, err
}

// Write replaces a table of the page.
func Write(t Table, text string) error {
	before, _, after, err := cut(t)
	if err != nil {
		return err
	}
	if err := os.WriteFile(File(), []byte(before+text+after), 0o644); err != nil {
		return fmt.Errorf("write the table %q: %w", t.Name, err)
	}
	return nil
}

// cut returns what is before a table, the table, and what is after it.
func cut(t Table) (before, text, after string, err error) {
	content, err := os.ReadFile(File())
	if err != nil {
		return "", "", "", fmt.Errorf("read the page: %w", err)
	}
	opening := fmt.Sprintf(begin, t.Name, t.Writer)
	before, rest, begins := strings.Cut(string(content), opening)
	text, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", "", "", fmt.Errorf("docs/faults.md has no table between\n%sand%s", opening, end)
	}
	return before + opening, text, end + after, nil
}

// Markdown returns rows as a table, of which the first is the header.
func Markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		for j := range row {
			row[j] = strings.ReplaceAll(row[j], "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}
