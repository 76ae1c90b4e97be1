package pipeline_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"
)

func TestChecksAreTheScript(t *testing.T) {
	if diff := cmp.Diff([]string{"bash .ci/run"}, scripts(parse(t, "ci.yml").Jobs["checks"])); diff != "" {
		t.Errorf("what the checks run (-want +got):\n%s", diff)
	}
	script := strings.Split(read(t, ".ci/run"), "\n")
	for _, command := range []string{"go vet ./...", "go test -vet=off ./...", "go test -race", "bash .ci/fuzz 6"} {
		if !slices.ContainsFunc(script, func(line string) bool { return strings.HasPrefix(line, command) }) {
			t.Errorf(".ci/run has no line %s", command)
		}
	}
	if !strings.Contains(read(t, ".ci/run"), " synth ") || !strings.Contains(read(t, ".ci/run"), "staticcheck@") {
		t.Error(".ci/run does not run cdk synth or staticcheck")
	}
}

func TestChecksRunOnEveryChange(t *testing.T) {
	workflow := parse(t, "ci.yml")
	if diff := cmp.Diff([]string{"pull_request", "push"}, events(workflow)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for _, event := range workflow.On {
		hook := event.(*actionlint.WebhookEvent)
		if hook.Paths != nil || hook.PathsIgnore != nil || hook.BranchesIgnore != nil {
			t.Errorf("some changes on %s are not checked", hook.EventName())
		}
		if hook.EventName() != "push" {
			continue
		}
		if hook.Branches == nil || len(hook.Branches.Values) != 1 || hook.Branches.Values[0].Value != "main" {
			t.Error("push must be limited to main")
		}
	}
	if got := workflow.Jobs["checks"].If; got != nil {
		t.Errorf("the checks run only if %s", got.Value)
	}
}

func TestNewerCommitsCancelChecks(t *testing.T) {
	got := parse(t, "ci.yml").Jobs["checks"].Concurrency
	if got == nil || got.CancelInProgress == nil || !got.CancelInProgress.Value {
		t.Fatal("a newer commit does not cancel running checks")
	}
	if !strings.Contains(got.Group.Value, "github.ref") {
		t.Errorf("checks of different branches cancel each other: their group is %s", got.Group.Value)
	}
}

// scripts returns the scripts that a job runs.
func scripts(job *actionlint.Job) []string {
	var texts []string
	for _, step := range job.Steps {
		if run, ok := step.Exec.(*actionlint.ExecRun); ok {
			texts = append(texts, run.Run.Value)
		}
	}
	return texts
}

// events returns the names of the events that start a workflow.
func events(workflow *actionlint.Workflow) []string {
	var names []string
	for _, event := range workflow.On {
		names = append(names, event.EventName())
	}
	return names
}
