package main

import (
	"strings"
	"testing"
)

// A short soak, with the functions in this process.
func TestSoak(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"--space=false", "--space"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := run(t.Context(), []string{"--in-process", "--senders", "6", "--apps", "3", "--warm-up", "0s", "--for", "1s", "--every", "500ms", mode}, &out)
			if err != nil {
				t.Error(err)
			}
			if text := out.String(); !strings.Contains(text, "lost 0, stored twice 0, changed 0, not sent but stored 0, dead letters 0") {
				t.Errorf("printed:\n%s", text)
			}
		})
	}
}
