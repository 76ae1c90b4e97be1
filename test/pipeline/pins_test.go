package pipeline_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

// A tag can be moved to other code, which would then run with this repository's permissions.
func TestActionsArePinned(t *testing.T) {
	pins := map[string]string{}
	for _, file := range workflows(t) {
		for _, line := range strings.SplitAfter(read(t, ".github/workflows/"+file), "\n") {
			_, uses, ok := strings.Cut(line, "uses: ")
			if !ok || strings.HasPrefix(uses, "./") {
				continue
			}
			if !pinned.MatchString(line) {
				t.Errorf("%s: not pinned to a commit that is followed by its release: %s", file, line)
			}
			action, pin, _ := strings.Cut(uses, "@")
			if before, ok := pins[action]; ok && before != pin {
				t.Errorf("%s: %s is pinned to %s here, but to %s elsewhere", file, action, pin, before)
			}
			pins[action] = pin
		}
	}
	if len(pins) == 0 {
		t.Error("found no actions")
	}
}

func TestOneVersionOfEachTool(t *testing.T) {
	goLine := regexp.MustCompile(`(?m)^go (\d+\.\d+)\.\d+$`).FindStringSubmatch(read(t, "go.mod"))
	if goLine == nil {
		t.Fatal("go.mod has no line such as go 1.2.3")
	}
	want := map[string]string{"actions/setup-go": goLine[1] + ".x", "actions/setup-node": "24"}
	input := map[string]string{"actions/setup-go": "go-version", "actions/setup-node": "node-version"}
	for _, file := range workflows(t) {
		for name, job := range parse(t, file).Jobs {
			for _, step := range job.Steps {
				action, ok := step.Exec.(*actionlint.ExecAction)
				if !ok {
					continue
				}
				tool, _, _ := strings.Cut(action.Uses.Value, "@")
				if want[tool] == "" {
					continue
				}
				if got := action.Inputs[input[tool]]; got == nil || got.Value.Value != want[tool] {
					t.Errorf("%s: job %s does not use %s %s", file, name, input[tool], want[tool])
				}
			}
		}
	}
}

func TestOneVersionOfTheCDK(t *testing.T) {
	version := regexp.MustCompile(`aws-cdk@[\w.-]+`)
	want := version.FindString(read(t, ".ci/run"))
	if want == "" {
		t.Fatal(".ci/run does not use the CDK")
	}
	for _, file := range []string{".ci/run", ".github/workflows/deploy.yml", "README.md", "docs/deploy.md"} {
		found := version.FindAllString(read(t, file), -1)
		if len(found) == 0 {
			t.Errorf("%s does not use the CDK", file)
		}
		for _, got := range found {
			if got != want {
				t.Errorf("%s has %s, but .ci/run has %s", file, got, want)
			}
		}
	}
}
