package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the help texts in testdata/help, and the screens in testdata/screens")

// verbsOf returns the verbs that a help names below a heading, or below the first empty line.
func verbsOf(help, heading string) []string {
	_, list, _ := strings.Cut(help, heading+"\n")
	list, _, _ = strings.Cut(list, "\n\n")
	var verbs []string
	for line := range strings.Lines(list) {
		if rest, ok := strings.CutPrefix(line, "  "); ok && !strings.HasPrefix(rest, " ") {
			verbs = append(verbs, strings.Fields(rest)[0])
		}
	}
	return verbs
}

// TestHelp compares the long help of the program and of every verb, and the short ones, with those in testdata/help.
func TestHelp(t *testing.T) {
	skipWithRaceDetector(t)
	verbs := [][]string{{}}
	for _, verb := range verbsOf(command(t, nil, "help").stdout, "Verbs:") {
		verbs = append(verbs, []string{verb})
		for _, sub := range verbsOf(command(t, nil, "help", verb).stdout, "Verbs:") {
			verbs = append(verbs, []string{verb, sub})
		}
	}
	if len(verbs) < 22 {
		t.Errorf("only %d verbs: %q", len(verbs), verbs)
	}
	expected := map[string]bool{}
	for _, verb := range verbs {
		name := strings.Join(verb, "_")
		if name == "" {
			name = "program"
		}
		long := command(t, nil, slices.Concat([]string{"help"}, verb)...)
		if diff := cmp.Diff(long, command(t, nil, slices.Concat(verb, []string{"--help"})...), cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("help %s, and %[1]s --help:\n%s", name, diff)
		}
		short := command(t, nil, slices.Concat(verb, []string{"-h"})...)
		for file, got := range map[string]outcome{name + ".txt": long, name + "_short.txt": short} {
			expected[file] = true
			compareHelp(t, filepath.Join("testdata", "help", file), got)
		}
		if n := strings.Count(short.stdout, "\n"); n > 24 && name != "logs" && name != "local" {
			t.Errorf("the short help of %s has %d lines: more than a small terminal", name, n)
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "help"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !expected[file.Name()] {
			t.Errorf("testdata/help/%s is the help of no verb", file.Name())
		}
	}
}

func compareHelp(t *testing.T, golden string, got outcome) {
	t.Helper()
	if got.code != 0 || got.stderr != "" {
		t.Errorf("%s: exit code %d, stderr %q", golden, got.code, got.stderr)
	}
	for line := range strings.Lines(got.stdout) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 && !strings.HasPrefix(line, "https://") {
			t.Errorf("%s: %d columns: %s", golden, n, line)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" {
		t.Errorf("%s (-want +got), `go test ./lib/client/cli -run Help -update` writes it:\n%s", golden, diff)
	}
}

func TestHelpIsWhatNoArgumentsGet(t *testing.T) {
	for _, forms := range [][][]string{
		{{"-h"}, {}, {"-a", "myapp", "-h"}},
		{{"help"}, {"--help"}, {"-a", "myapp", "--help"}, {"--local", "help"}},
		{{"help", "logs"}, {"logs", "--help"}, {"--local", "logs", "-a", "shop", "--help"}},
	} {
		want := command(t, nil, forms[0]...)
		if want.code != 0 || want.stdout == "" {
			t.Errorf("%q: exit code %d, stdout %q", forms[0], want.code, want.stdout)
		}
		for _, args := range forms[1:] {
			if diff := cmp.Diff(want, command(t, nil, args...), cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("%q (-want +got):\n%s", args, diff)
			}
		}
	}
}
