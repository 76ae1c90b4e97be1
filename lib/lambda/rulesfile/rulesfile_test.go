package rulesfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heroku-drains/lib/lambda/rulesfile"
	"heroku-drains/lib/stack"
)

func TestLoad(t *testing.T) {
	for name, tt := range map[string]struct {
		file, err string
		h12       bool
	}{
		"no file":      {h12: true},
		"a file":       {file: `{"codes": {"H12": {"off": true}}}`},
		"not JSON":     {file: `codes:`, h12: true, err: "read the alert rules"},
		"wrong rules":  {file: `{"codes": {"H12": {"off": true}, "H93": {}}}`, h12: true, err: "alerts.json: codes.H93"},
		"a bad regexp": {file: `{"errors": {"x": {"pattern": "("}}}`, h12: true, err: "errors.x.pattern"},
	} {
		folder := t.TempDir()
		if tt.file != "" {
			if err := os.WriteFile(filepath.Join(folder, stack.RulesFile), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		set, err := rulesfile.Load(folder)
		if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want %q", name, err, tt.err)
		}
		if _, h12 := set.Rule("shop", "H12"); h12 != tt.h12 {
			t.Errorf("%s: H12 is in force: %t", name, h12)
		}
	}
}

func TestLoadWhatCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, stack.RulesFile), 0o700); err != nil {
		t.Fatal(err)
	}
	set, err := rulesfile.Load(folder)
	if _, h12 := set.Rule("shop", "H12"); err == nil || !h12 {
		t.Errorf("error %v, H12 in force: %t", err, h12)
	}
}
