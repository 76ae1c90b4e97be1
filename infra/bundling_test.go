package main

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	assets := bundle(t, &builder{moduleRoot: root})
	if len(slices.Compact(slices.Sorted(maps.Values(assets)))) != len(assets) {
		t.Errorf("functions run the same code: %v", assets)
	}

	elsewhere := bundle(t, &builder{moduleRoot: copyModule(t, root)})
	for function, asset := range assets {
		if elsewhere[function] != asset {
			t.Errorf("%s is a different binary when built from a copy of the source: %s and %s", function, asset, elsewhere[function])
		}
	}
}

// bundle synthesizes the stack with the functions, checks their binaries, and returns the asset hash of each.
func bundle(t *testing.T, b *builder) map[string]string {
	t.Helper()
	outdir := t.TempDir()
	tpl, err := synthesizeIn(outdir, defaultSettings(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	assets := map[string]string{}
	for _, function := range functionNames {
		key := tpl.function(t, function).Properties["Code"].(map[string]any)["S3Key"].(string)
		assets[function] = strings.TrimSuffix(key, ".zip")
		checkArchive(t, filepath.Join(outdir, "asset."+key))
	}
	return assets
}

// checkArchive checks the file that the CDK uploads: the CDK CLI packs a folder with the modes of the machine's own files, and on Windows no
// file is executable. https://github.com/aws/aws-cdk/issues/10776
func checkArchive(t *testing.T, path string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if len(archive.File) != 1 {
		t.Fatalf("%s has %d files, want one", path, len(archive.File))
	}
	file := archive.File[0]
	if file.Name != "bootstrap" || file.Mode() != 0o755 {
		t.Errorf("%s has %s with mode %v, want bootstrap with mode -rwxr-xr-x", path, file.Name, file.Mode())
	}
	if made := file.Modified.UTC(); made.Year() != 1980 {
		t.Errorf("%s was modified at %s, want a fixed time", path, made)
	}
	content, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	binary, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	checkBinary(t, path, binary)
}

func checkBinary(t *testing.T, path string, content []byte) {
	t.Helper()
	if len(content) >= maxBinary {
		t.Errorf("the binary in %s has %d bytes, want less than %d", path, len(content), maxBinary)
	}
	binary, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if binary.Machine != elf.EM_AARCH64 || binary.Section(".interp") != nil {
		t.Errorf("the binary in %s is for %v, dynamically linked: %v", path, binary.Machine, binary.Section(".interp") != nil)
	}
}

// The bytes of an archive depend only on the names, modes and contents of its files: not on the folder, the time or the machine.
func TestArchivesAreTheSameOnEverySystem(t *testing.T) {
	files := []packed{{name: "bootstrap", mode: 0o755, content: []byte("ELF")}, {name: "alerts.json", mode: 0o644, content: []byte("{}")}}
	var archives [][]byte
	for range 2 {
		path := filepath.Join(t.TempDir(), "function.zip")
		if err := archive(path, files...); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, content)
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("the archives differ")
	}
	found, err := zip.NewReader(bytes.NewReader(archives[0]), int64(len(archives[0])))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range found.File {
		content, err := fs.ReadFile(found, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%v %s %q in %d", file.Mode(), file.Name, content, file.Modified.UTC().Year()))
	}
	if diff := cmp.Diff([]string{`-rwxr-xr-x bootstrap "ELF" in 1980`, `-rw-r--r-- alerts.json "{}" in 1980`}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
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
