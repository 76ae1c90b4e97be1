package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"heroku-drains/lib/client/cli"
)

func TestCalledAs(t *testing.T) {
	for name, want := range map[string]string{
		"heroku-drains-cli":                                      "heroku-drains-cli",
		"./heroku-drains-cli":                                    "./heroku-drains-cli",
		"/tmp/go-build123/b001/exe/heroku-drains-cli":            "go run ./cmd/heroku-drains-cli",
		"/home/me/.cache/go-build/cb/cb12ab-d/heroku-drains-cli": "go run ./cmd/heroku-drains-cli", // from the second run on
		"/var/folders/x/T/go-build9/b001/exe/heroku-drains-cli":  "go run ./cmd/heroku-drains-cli",
	} {
		if got := cli.CalledAs(name); got != want {
			t.Errorf("CalledAs(%q) = %q, want %q", name, got, want)
		}
	}
}

// A program that is called by its absolute path has its own name in hints only if a shell would find this very file by it.
func TestCalledByAnAbsolutePath(t *testing.T) {
	inPath, elsewhere, link := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{inPath, elsewhere} {
		if err := os.WriteFile(filepath.Join(dir, "heroku-drains-cli"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(inPath, "heroku-drains-cli")
	if err := os.Symlink(program, filepath.Join(link, "heroku-drains-cli")); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(elsewhere, "heroku-drains-cli")
	for _, tt := range []struct{ path, name, want string }{
		{inPath, program, "heroku-drains-cli"},
		{link, program, "heroku-drains-cli"},
		{inPath, other, other},
		{elsewhere + string(filepath.ListSeparator) + inPath, program, program},
		{t.TempDir(), program, program},
	} {
		t.Setenv("PATH", tt.path)
		if got := cli.CalledAs(tt.name); got != tt.want {
			t.Errorf("with PATH=%s, CalledAs(%q) = %q, want %q", tt.path, tt.name, got, tt.want)
		}
	}
}
