package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/test/faults/matrix"
	"heroku-drains/test/faults/page"
)

// The figures of the page are those of a run, but its rows must be those that there are now.
func TestPageHasAllRows(t *testing.T) {
	text, err := page.Read(page.Rows())
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, r := range matrix.Rows() {
		want = append(want, "`"+r.Name+"` "+r.Fault)
	}
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") && len(cells) > 2 {
			got = append(got, strings.TrimPrefix(cells[0], "| ")+" "+cells[1])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/faults.md is out of date; go run ./test/faults --write writes it (-rows +page):\n%s", diff)
	}
}

func TestRowNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range matrix.Rows() {
		if seen[r.Name] {
			t.Errorf("two rows are called %s", r.Name)
		}
		seen[r.Name] = true
	}
	if len(seen) < 40 {
		t.Errorf("%d rows, want at least 40", len(seen))
	}
}
