package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A mistake of the user ends the program with a message, without a stack trace, and with exit code 1.
func TestErrorsEndTheProgram(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	rules := writeFile(t, t.TempDir(), "rules.yaml", "codes:\n  R14: off\n  H93: off\n")
	tests := []struct {
		name        string
		environment []string
		want        string
	}{
		{"a setting that is not allowed", []string{`CDK_CONTEXT_JSON={"retentionDays":"8"}`},
			"heroku-drains: setting retentionDays=8 is not allowed: it must be one of 0, 1, 3, 5, "},
		{"a mistake in the alert rules", []string{`CDK_CONTEXT_JSON={"alertRules":"` + rules + `"}`},
			"heroku-drains: " + rules + ":3: "},
		{"alert rules that do not exist", []string{`CDK_CONTEXT_JSON={"alertRules":"rules/absent.yaml"}`},
			"heroku-drains: cannot read the alert rules; the setting alertRules names another file: open "},
		{"no Go", []string{"PATH=" + t.TempDir(), "JSII_NODE=" + node},
			"heroku-drains: cannot build functions/heroku-drains-alerts: go is not in PATH; install it"},
		{"no Node", []string{"PATH=" + t.TempDir()},
			"heroku-drains: node is not in PATH: the CDK needs Node.js 22 or later; install it"},
		{"no Node where JSII_NODE says", []string{"JSII_NODE=" + filepath.Join(t.TempDir(), "node")},
			"heroku-drains: cannot run Node.js, which the CDK needs: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			command := exec.Command(program)
			command.Env = append(os.Environ(), "RUN_AS_INFRA=1", "CDK_OUTDIR="+t.TempDir())
			command.Env = append(command.Env, test.environment...)
			var stderr bytes.Buffer
			command.Stderr = &stderr
			err = command.Run()

			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
				t.Errorf("the program ended with %v, want exit status 1", err)
			}
			if !strings.Contains(stderr.String(), test.want) {
				t.Errorf("stderr does not contain %q:\n%s", test.want, &stderr)
			}
			for _, trace := range []string{"goroutine", "panic", "at Object.", "ocker"} {
				if strings.Contains(stderr.String(), trace) {
					t.Errorf("stderr contains %q:\n%s", trace, &stderr)
				}
			}
		})
	}
}
