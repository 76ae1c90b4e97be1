package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// pageFile is the page with the tables.
const pageFile = "docs/performance.md"

// These enclose a table of the page. The first names it.
const (
	tableBegin = "<!-- table: %s; go run ./test/performance --write -->\n\n"
	tableEnd   = "\n<!-- end of table -->"
)

// table is a table of the page, in Markdown.
type table struct{ name, text string }

// timeTable returns how long everything takes.
func timeTable(results []result) table {
	rows := [][]string{{"path", "POSTs", "copy", "byte scan", "usual", "this", "ns a line", "this / usual"}}
	for _, r := range results {
		if !slices.Contains(sizes, r.path.size) {
			continue
		}
		row := []string{r.path.name, fmt.Sprintf("%d × %d KB", r.path.posts, r.path.size)}
		for _, way := range []int{copied, scanned, usual, ours} {
			row = append(row, microseconds(r.cpu[way]))
		}
		perLine := float64(r.cpu[ours].Nanoseconds()) / float64(r.path.lines)
		rows = append(rows, append(row, fmt.Sprintf("%.0f", perLine), fmt.Sprintf("**%.2f**", r.ratio)))
	}
	return table{"time", markdown(rows)}
}

// billTable returns what AWS bills.
func billTable(bills []bill) table {
	rows := [][]string{{"POSTs", "SQS requests to send one", fmt.Sprintf("SQS requests to receive %d", batchSize), "billed bytes over Heroku's, text", "the same, JSON", "JSON over text"}}
	for _, b := range bills {
		rows = append(rows, []string{
			fmt.Sprintf("%d KB", b.size), fmt.Sprintf("%.1f", b.sends), fmt.Sprintf("%.0f", b.receives),
			fmt.Sprintf("%.2f", b.text), fmt.Sprintf("%.2f", b.json), fmt.Sprintf("%.2f", b.json/b.text),
		})
	}
	return table{"billed", markdown(rows)}
}

// writeTables replaces tables of a page.
func writeTables(page string, tables []table) error {
	content, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text := string(content)
	for _, t := range tables {
		begin := fmt.Sprintf(tableBegin, t.name)
		before, rest, begins := strings.Cut(text, begin)
		_, after, ends := strings.Cut(rest, tableEnd)
		if !begins || !ends {
			return fmt.Errorf("%s has no table between\n%sand%s", page, begin, tableEnd)
		}
		text = before + begin + t.text + tableEnd + after
	}
	return os.WriteFile(page, []byte(text), 0o644)
}

// markdown returns rows as a table. The first is the header.
func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}
