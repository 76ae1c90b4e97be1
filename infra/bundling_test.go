package main

import (
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// maxBinary is the size limit of a function's binary, in bytes: it is downloaded and mapped at every cold start.
const maxBinary = 12_000_000

func TestBundling(t *testing.T) {
	// Go's default, on any machine: it stamps binaries with the commit unless told not to.
	t.Setenv("GOFLAGS", "-buildvcs=auto")
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	assets := bundle(t, root)
	if assets["heroku-drains"] == assets["heroku-drains-storage"] {
		t.Errorf("both functions run the same code: %v", assets)
	}

	elsewhere := bundle(t, copyModule(t, root))
	for function, asset := range assets {
		if elsewhere[function] != asset {
			t.Errorf("%s is a different binary when built from a copy of the source: %s and %s", function, asset, elsewhere[function])
		}
	}
}

// bundle synthesizes the stack with the functions of a module, checks their binaries, and returns the asset hash of each.
func bundle(t *testing.T, moduleRoot string) map[string]string {
	t.Helper()
	outdir := t.TempDir()
	tpl, err := synthesizeIn(outdir, defaultSettings(), &builder{moduleRoot: moduleRoot}, nil)
	if err != nil {
		t.Fatal(err)
	}
	assets := map[string]string{}
	for _, function := range []string{"heroku-drains", "heroku-drains-storage"} {
		key := tpl.function(t, function).Properties["Code"].(map[string]any)["S3Key"].(string)
		assets[function] = strings.TrimSuffix(key, ".zip")
		checkBinary(t, filepath.Join(outdir, "asset."+assets[function], "bootstrap"))
	}
	return assets
}

func checkBinary(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() >= maxBinary || info.Mode().Perm()&0o111 == 0 {
		t.Errorf("%s has %d bytes and mode %v, want an executable of less than %d", path, info.Size(), info.Mode(), maxBinary)
	}
	binary, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	if binary.Machine != elf.EM_AARCH64 || binary.Section(".interp") != nil {
		t.Errorf("%s is for %v, dynamically linked: %v", path, binary.Machine, binary.Section(".interp") != nil)
	}
}

// copyModule copies the source of the functions, without version control.
func copyModule(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "cdk.json"} {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"functions", "lib"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBuildFailureShowsTheCompilersOutput(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{"go.mod": "module broken\n", "functions/broken/main.go": "package main\n\nfunc main() { undefinedName() }\n"}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outputDir := t.TempDir()
	builder := &builder{moduleRoot: root}
	// After false, the CDK would try Docker.
	if done := (&bundler{builder: builder, source: "broken"}).TryBundle(&outputDir, nil); !*done {
		t.Error("the bundler returned false")
	}
	err := builder.failure
	if err == nil || !strings.Contains(err.Error(), "undefined: undefinedName") || !strings.Contains(err.Error(), "functions/broken") {
		t.Errorf("the error is %v", err)
	}
}
