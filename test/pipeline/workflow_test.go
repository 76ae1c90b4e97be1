// Package pipeline_test checks the workflows of GitHub Actions, without GitHub.
package pipeline_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/rhysd/actionlint"
)

const root = "../.."

// workflows returns the names of all workflow files.
func workflows(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	if want := []string{"ci.yml", "deploy.yml", "release.yml"}; !slices.Equal(files, want) {
		t.Fatalf("the workflows are %v, but these tests only know %v", files, want)
	}
	return files
}

// read returns the text of a file, whose path is relative to the root of the module.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parse parses a workflow as GitHub does.
func parse(t *testing.T, file string) *actionlint.Workflow {
	t.Helper()
	workflow, problems := actionlint.Parse([]byte(read(t, ".github/workflows/"+file)))
	for _, problem := range problems {
		t.Errorf("%s: %v", file, problem)
	}
	if t.Failed() {
		t.FailNow()
	}
	return workflow
}

// pinned matches an action that is pinned to a commit, followed by the commit's release.
var pinned = regexp.MustCompile(`uses: ([\w-]+/[\w-]+)@[0-9a-f]{40} # (v\d+)\.\d+\.\d+\n`)

func TestActionlint(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Log("shellcheck is not installed: the scripts in the workflows are not checked")
	}
	project, err := actionlint.NewProject(root)
	if err != nil {
		t.Fatal(err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{Shellcheck: shellcheck})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range workflows(t) {
		path := filepath.Join(root, ".github/workflows", file)
		// actionlint looks up the inputs of an action by its major version, not by its commit.
		text := pinned.ReplaceAllString(read(t, ".github/workflows/"+file), "uses: $1@$2\n")
		problems, err := linter.Lint(path, []byte(text), project)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Error(problem)
		}
	}
}
