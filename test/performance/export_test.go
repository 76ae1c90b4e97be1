package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestPageHasAllExports(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../" + pageFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range storedFormats {
		for _, printed := range printedFormats {
			if row := fmt.Sprintf("\n| %s | %s | ", stored, printed); !strings.Contains(string(page), row) {
				t.Errorf("%s is out of date: it has no row for %s", pageFile, exportName(stored, printed))
			}
		}
	}
}

// What is stored to be printed must be lines in the format.
func TestWrittenLines(t *testing.T) {
	t.Parallel()
	for stored, start := range map[string]string{"text": "", "json": `{"source":"`} {
		c, write := newCorpus(1), written(stored)
		for range 1000 {
			if text := write(c); !strings.HasPrefix(text, start) || stored == "text" && !strings.Contains(text, "]: ") {
				t.Fatalf("%s: %s", stored, text)
			}
		}
	}
}
