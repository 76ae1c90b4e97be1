package pipeline_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

// release is the part of .goreleaser.yaml that the tests look at. https://goreleaser.com/customization/
type release struct {
	Version int
	Before  struct{ Hooks []string }
	Builds  []struct {
		Main, Binary                            string
		Env, Flags, Tags, Ldflags, Goos, Goarch []string
	}
	Archives []struct {
		Formats         []string
		FormatOverrides []struct {
			Goos    string
			Formats []string
		} `yaml:"format_overrides"`
		Files []source
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
	}
	Nfpms []struct {
		Formats []string
		License string
		// Maintainer is required: goreleaser's check fails without it.
		Maintainer string
		Contents   []source
	}
}

// source is a file that goes into an archive or a package: a path, or a path with where it goes.
type source struct{ Src, Dst string }

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *source) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&s.Src)
	}
	type plain source
	return node.Decode((*plain)(s))
}

func readRelease(t *testing.T) release {
	t.Helper()
	var r release
	if err := yaml.Unmarshal([]byte(read(t, ".goreleaser.yaml")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Version != 2 || len(r.Builds) != 1 || len(r.Archives) != 1 || len(r.Nfpms) != 1 {
		t.Fatalf("not one build, archive and package of version 2: %+v", r)
	}
	return r
}

func TestReleaseHasEverySystem(t *testing.T) {
	r := readRelease(t)
	build, archive := r.Builds[0], r.Archives[0]
	for name, values := range map[string][2][]string{
		"systems":            {{"linux", "darwin", "windows"}, build.Goos},
		"architectures":      {{"amd64", "arm64"}, build.Goarch},
		"environment":        {{"CGO_ENABLED=0"}, build.Env},
		"flags":              {{"-trimpath", "-buildvcs=true"}, build.Flags},
		"linker's flags":     {{"-s -w"}, build.Ldflags},
		"archives":           {{"tar.gz"}, archive.Formats},
		"packages":           {{"deb", "rpm"}, r.Nfpms[0].Formats},
		"license":            {{"MIT"}, {r.Nfpms[0].License}},
		"maintainer":         {{"The heroku-drains authors"}, {r.Nfpms[0].Maintainer}},
		"archives' checksum": {{"checksums.txt"}, {r.Checksum.NameTemplate}},
	} {
		if diff := cmp.Diff(values[0], values[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if o := archive.FormatOverrides; len(o) != 1 || o[0].Goos != "windows" || !slices.Equal(o[0].Formats, []string{"zip"}) {
		t.Errorf("archives for Windows are not ZIP files: %+v", o)
	}
	if _, err := os.Stat(filepath.Join(root, build.Main, "main.go")); err != nil || filepath.Base(build.Main) != build.Binary {
		t.Errorf("the program %s of %s: %v", build.Binary, build.Main, err)
	}
}

// TestReleasedFilesExist checks that each file in an archive or a package is in the repository or is written by a hook.
func TestReleasedFilesExist(t *testing.T) {
	r := readRelease(t)
	hooks := strings.Join(r.Before.Hooks, "\n")
	for _, want := range []string{"completion bash >", "completion zsh >", "completion fish >", " man package/man"} {
		if !strings.Contains(hooks, want) {
			t.Errorf("no hook runs %q:\n%s", want, hooks)
		}
	}
	for _, file := range slices.Concat(r.Archives[0].Files, r.Nfpms[0].Contents) {
		made := strings.TrimSuffix(file.Src, "/*")
		if strings.HasPrefix(made, "package/") {
			if !strings.Contains(hooks, made) {
				t.Errorf("no hook writes %s", file.Src)
			}
		} else if found, err := filepath.Glob(filepath.Join(root, file.Src)); err != nil || len(found) == 0 {
			t.Errorf("%s does not exist: %v", file.Src, err)
		}
	}
	for _, ignored := range []string{"/package/", "/dist/"} { // Go would call the version dirty
		if !slices.Contains(strings.Split(read(t, ".gitignore"), "\n"), ignored) {
			t.Errorf(".gitignore does not have %s", ignored)
		}
	}
}

func TestReleasesAreTagsOfMain(t *testing.T) {
	workflow := parse(t, "release.yml")
	hook, ok := workflow.On[0].(*actionlint.WebhookEvent)
	if !ok || len(workflow.On) != 1 || hook.EventName() != "push" || hook.Tags == nil || hook.Branches != nil || hook.Tags.Values[0].Value != "v*" {
		t.Error("releases are not made of tags only")
	}
	job := workflow.Jobs["release"]
	if diff := cmp.Diff([]string{"git merge-base --is-ancestor HEAD origin/main"}, scripts(job)); diff != "" {
		t.Errorf("what the release runs (-want +got):\n%s", diff)
	}
	for _, step := range job.Steps {
		action, ok := step.Exec.(*actionlint.ExecAction)
		if ok && strings.HasPrefix(action.Uses.Value, "actions/checkout@") && (action.Inputs["fetch-depth"] == nil || action.Inputs["fetch-depth"].Value.Value != "0") {
			t.Error("the release does not fetch all tags, of which Go makes the version")
		}
	}
}

func TestOneVersionOfGoreleaser(t *testing.T) {
	versions := map[string]bool{}
	for _, file := range []string{"ci.yml", "release.yml"} {
		for _, job := range parse(t, file).Jobs {
			for _, step := range job.Steps {
				if action, ok := step.Exec.(*actionlint.ExecAction); ok && strings.HasPrefix(action.Uses.Value, "goreleaser/goreleaser-action@") {
					versions[action.Inputs["version"].Value.Value] = true
				}
			}
		}
	}
	for version := range versions {
		if len(versions) != 1 || !strings.HasPrefix(version, "v2.") {
			t.Errorf("the workflows do not use one exact version of goreleaser: %v", versions)
		}
	}
	if len(versions) == 0 {
		t.Error("no workflow uses goreleaser")
	}
}
