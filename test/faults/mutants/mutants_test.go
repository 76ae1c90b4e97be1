package main

import (
	"testing"

	"heroku-drains/test/faults/matrix"
)

// A change of the functions must keep the mutants up to date: go run ./test/faults/mutants then shows that each is still caught.
func TestMutantsApply(t *testing.T) {
	names, rows := map[string]bool{}, map[string]bool{}
	for _, r := range matrix.Rows() {
		rows[r.Name] = r.Short
	}
	for _, m := range mutants() {
		if names[m.name] || m.what == "" || !rows[m.row] || len(m.functions) == 0 || len(m.edits) == 0 {
			t.Errorf("%s is not complete, has the name of another, or is for a row that the short form does not have", m.name)
		}
		names[m.name] = true
		for _, file := range m.files() {
			if _, err := m.apply(file); err != nil {
				t.Errorf("%s: %v", m.name, err)
			}
		}
	}
	if len(names) < 12 {
		t.Errorf("%d mutants, want at least 12", len(names))
	}
}
