package main

import "testing"

// A change of the functions must keep the mutants up to date: go run ./test/faults/mutants then shows that each is still caught.
func TestMutantsApply(t *testing.T) {
	names := map[string]bool{}
	for _, m := range mutants() {
		if names[m.name] || m.what == "" || len(m.functions) == 0 || len(m.edits) == 0 {
			t.Errorf("%s is not complete, or has the name of another", m.name)
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
