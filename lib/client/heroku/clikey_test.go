package heroku_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"heroku-drains/lib/client/heroku"
)

func TestTheKeyOfTheHerokuCLI(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the fake Heroku CLI is a shell script")
	}
	for name, tt := range map[string]struct {
		script string // empty: there is no Heroku CLI
		env    map[string]string
		key    string // empty if none is found
	}{
		"no CLI":         {"", nil, ""},
		"a key":          {`[ "$*" = auth:token ] && echo HRKU-keychain`, nil, "HRKU-keychain"},
		"a warning":      {"echo 'Warning: token will expire' >&2; echo HRKU-keychain", nil, "HRKU-keychain"},
		"not logged in":  {"echo ' ›   Error: not logged in' >&2; exit 100", nil, ""},
		"failed":         {"echo HRKU-old; exit 1", nil, ""},
		"a message":      {"echo 'please log in'", nil, ""},
		"nothing":        {"exit 0", nil, ""},
		"much":           {"printf '%0300d' 0", nil, ""},
		"a variable":     {"echo HRKU-keychain", map[string]string{"HEROKU_API_KEY": "HRKU-env"}, "HRKU-env"},
		"another API":    {"echo HRKU-keychain", map[string]string{"HEROKU_API_URL": "https://api.example.com"}, ""},
		"another Heroku": {"echo HRKU-keychain", map[string]string{"HEROKU_HOST": "staging.example.com"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if tt.script != "" {
				if err := os.WriteFile(filepath.Join(dir, "heroku"), []byte("#!/bin/sh\n"+tt.script+"\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", dir)
			config, err := heroku.FromEnvironmentOrCLI(t.Context(), lookup(dir, tt.env))
			if config.Key != tt.key || (tt.key == "") != errors.Is(err, heroku.ErrNoKey) {
				t.Errorf("key %q, error %v; want %q", config.Key, err, tt.key)
			}
			if err != nil && strings.Contains(err.Error(), "HRKU") {
				t.Errorf("the error shows a key: %v", err)
			}
		})
	}
}
