package main

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/rulesfile"
)

// writeFile writes a file in a folder, and returns its path.
func writeFile(t *testing.T, folder, name, content string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadRules(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	const content = `{"codes":{"H12":{"threshold":20},"R14":{"off":true}}}`
	writeFile(t, root, "alerts.yaml", "codes:\n  R14: off\n  H12: {threshold: 20}\n")
	writeFile(t, root, "empty.yaml", "# nothing yet\n")
	absolute := writeFile(t, elsewhere, "rules.yaml", "codes: {R15: {off: true}}\n")
	for name, test := range map[string]struct{ root, setting, want string }{
		"no file":              {root: elsewhere},
		"beside cdk.json":      {root: root, want: content},
		"by its name":          {root: root, setting: "alerts.yaml", want: content},
		"by its absolute path": {root: root, setting: absolute, want: `{"codes":{"R15":{"off":true}}}`},
		"by a relative path":   {root: filepath.Join(root, "infra"), setting: "../alerts.yaml", want: content},
		"without any rule":     {root: root, setting: "empty.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := readRules(test.root, test.setting)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range files {
				if got += string(f.content); f.name != "alerts.json" || f.mode != 0o644 {
					t.Errorf("the file is %s with mode %v", f.name, f.mode)
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestReadRulesRejects(t *testing.T) {
	root := t.TempDir()
	writeFile(t, root, "wrong.yaml", "codes:\n  H12: {threshold: 0}\n  H93: off\n")
	for setting, want := range map[string][]string{
		"wrong.yaml":  {"wrong.yaml:2: ", "wrong.yaml:3: "},
		"absent.yaml": {"cannot read the alert rules", "alertRules", "absent.yaml"},
		".":           {"cannot read the alert rules", "directory"},
	} {
		files, err := readRules(root, setting)
		if err == nil {
			t.Errorf("%s: got %v, want an error", setting, files)
			continue
		}
		for _, text := range want {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: the error does not say %q: %v", setting, text, err)
			}
		}
	}
}

// The functions that match lines and tell people of them get the rules of the YAML file, as they read them. Another file gives other
// archives, which a deployment replaces; the archive of the drains function stays the same.
func TestRulesAreDeployed(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the functions")
	}
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	rules, err := readRules(folder, writeFile(t, folder, "rules.yaml", "codes:\n  H12: {threshold: 77}\n"))
	if err != nil {
		t.Fatal(err)
	}
	without, outdir := bundle(t, &builder{moduleRoot: root}), t.TempDir()
	b := &builder{moduleRoot: root, rules: rules}
	tpl, err := synthesizeIn(outdir, defaultSettings(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range functionNames {
		key := tpl.function(t, function).Properties["Code"].(map[string]any)["S3Key"].(string)
		set, err := rulesfile.Load(unzip(t, filepath.Join(outdir, "asset."+key)))
		if err != nil {
			t.Fatal(err)
		}
		threshold, changed := thresholdOf(t, set, "H12"), strings.TrimSuffix(key, ".zip") != without[function]
		type outcome struct{ HasRules, Changed bool }
		needs := function != "heroku-drains"
		if diff := cmp.Diff(outcome{HasRules: needs, Changed: needs}, outcome{HasRules: threshold == 77, Changed: changed}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", function, diff)
		}
	}
}

func thresholdOf(t *testing.T, set *alert.Set, name string) int {
	t.Helper()
	rule, ok := set.Rule("shop", name)
	if !ok {
		t.Fatalf("there is no rule %s", name)
	}
	return rule.Threshold
}

// unzip extracts an archive to a folder, as Lambda does, and returns the folder.
func unzip(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	folder := t.TempDir()
	for _, file := range archive.File {
		content, err := fs.ReadFile(archive, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, folder, file.Name, string(content))
	}
	return folder
}
