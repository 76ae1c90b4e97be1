package term

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/fatih/color"
)

// PrintJSON writes v to stdout as indented JSON.
func (t *Terminal) PrintJSON(v any) error {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	return t.print(text.String())
}

// print writes text to stdout.
func (t *Terminal) print(text string) error {
	if _, err := io.WriteString(t.Stdout, t.safe(t.Stdout, text)); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}

// PrintLine writes a line to stdout.
func (t *Terminal) PrintLine(line string) error {
	return t.print(line + "\n")
}

// PrintRows writes a name and a value per line to stdout, the values aligned.
func (t *Terminal) PrintRows(rows [][2]string) error {
	var text strings.Builder
	w := newColumns(&text)
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t%s\n", row[0], row[1])
	}
	_ = w.Flush() // a strings.Builder takes everything
	return t.print(text.String())
}

// PrintTable writes rows of cells to stdout, in aligned columns under a bold heading. Without rows, it writes nothing.
func (t *Terminal) PrintTable(heading []string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	var table bytes.Buffer
	w := newColumns(&table)
	fmt.Fprintln(w, strings.Join(heading, "\t"))
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // a bytes.Buffer takes everything
	// The color is added after the columns are aligned, because its codes would count as width.
	first, rest, _ := strings.Cut(table.String(), "\n")
	return t.print(t.PaintStdout(first, color.Bold) + "\n" + rest)
}

// PrintVerdict writes lines to stdout: the first after a colored word of up to eight characters, the others aligned with the first.
func (t *Terminal) PrintVerdict(word string, color color.Attribute, lines ...string) error {
	const width = 9
	for i, line := range lines {
		start := fmt.Sprintf("%*s", width, "")
		if i == 0 {
			start = t.PaintStdout(word, color) + fmt.Sprintf("%*s", width-len(word), "")
		}
		if err := t.PrintLine(start + line); err != nil {
			return err
		}
	}
	return nil
}

func newColumns(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
