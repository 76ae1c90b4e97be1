package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the help texts in testdata/help")

func TestHelp(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for name, args := range map[string][]string{
		"program":    {"--help"},
		"put":        {"put", "--help"},
		"get":        {"get", "--help"},
		"list":       {"list", "--help"},
		"delete":     {"delete", "--help"},
		"logs":       {"logs", "--help"},
		"console":    {"console", "--help"},
		"sync":       {"sync", "--help"},
		"rotate":     {"rotate", "--help"},
		"simulate":   {"simulate", "--help"},
		"local":      {"local", "--help"},
		"doctor":     {"doctor", "--help"},
		"redrive":    {"redrive", "--help"},
		"version":    {"version", "--help"},
		"completion": {"completion", "--help"},

		"alerts":           {"alerts", "--help"},
		"alerts_list":      {"alerts", "list", "--help"},
		"alerts_rules":     {"alerts", "rules", "--help"},
		"alerts_check":     {"alerts", "check", "--help"},
		"alerts_test":      {"alerts", "test", "--help"},
		"alerts_mute":      {"alerts", "mute", "--help"},
		"alerts_unmute":    {"alerts", "unmute", "--help"},
		"alerts_send-test": {"alerts", "send-test", "--help"},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(t, nil, args...)
			if got.code != 0 || got.stderr != "" {
				t.Errorf("exit code %d, stderr %q", got.code, got.stderr)
			}
			golden := filepath.Join("testdata", "help", name+".txt")
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
				t.Errorf("help (-want +got), `go test ./lib/client/cli -run Help -update` writes it:\n%s", diff)
			}
		})
	}
}

func TestHelpIsWhatNoArgumentsGet(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	with := command(t, nil, "--help")
	for _, args := range [][]string{{}, {"-a", "myapp", "--help"}, {"-h"}} {
		if diff := cmp.Diff(with, command(t, nil, args...), cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", args, diff)
		}
	}
}
