package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProgram(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"--rounds", "1", "--each", "1ns", "--only", " 1 KB"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"storage text 1 KB ", "storage json 1 KB ", "ingest 1 KB ", "\n| storage text | 10 × 1 KB | ", "\n| 10 KB | 1.0 | "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

// The figures of the page are those of a run, but its rows must be those that there are now.
func TestPageHasAllRows(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../" + pageFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths(sizes) {
		if row := fmt.Sprintf("\n| %s | %d × %d KB | ", p.name, p.posts, p.size); !strings.Contains(string(page), row) {
			t.Errorf("%s is out of date: it has no row for %s; go run ./test/performance --write writes it", pageFile, p)
		}
	}
}

// Both ways must do the same work, or their times could not be compared.
func TestWaysStoreTheSameLines(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		posts, lines := generate(size, batchSize)
		var stored [2][]string
		for i, way := range []func(*wire, []post) (call, error){usualStorage, ourStorage} {
			w := newWire("text")
			w.puts = func(body []byte) error {
				var put struct {
					LogEvents []struct {
						Timestamp int64
						Message   string
					}
				}
				if err := json.Unmarshal(body, &put); err != nil {
					return err
				}
				for _, e := range put.LogEvents {
					stored[i] = append(stored[i], e.Message)
				}
				return nil
			}
			store, err := way(w, posts)
			if err != nil {
				t.Fatal(err)
			}
			if err := store(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(stored[0], stored[1]); diff != "" || len(stored[1]) != lines {
			t.Errorf("%d KB: %d of %d lines (-usual +this):\n%s", size, len(stored[1]), lines, diff)
		}
	}
}
