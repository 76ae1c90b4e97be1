package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"
)

func TestPermissionsAreMinimal(t *testing.T) {
	type grants = map[string]string
	read, token := grants{"contents": "read"}, grants{"contents": "read", "id-token": "write"}
	want := map[string]grants{
		"ci.yml": read, "ci.yml checks": nil, "ci.yml deploy": token,
		"deploy.yml": read, "deploy.yml diff": token, "deploy.yml deploy": token, "deploy.yml skipped": {},
		"release.yml": read, "release.yml release": {"contents": "write"},
	}
	got := map[string]grants{}
	for _, file := range workflows(t) {
		workflow := parse(t, file)
		got[file] = scopes(workflow.Permissions)
		for name, job := range workflow.Jobs {
			got[file+" "+name] = scopes(job.Permissions)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

// scopes returns the permissions that are granted, or nil if none are set: then those of the workflow apply.
func scopes(permissions *actionlint.Permissions) map[string]string {
	if permissions == nil {
		return nil
	}
	granted := map[string]string{}
	if permissions.All != nil {
		granted["everything"] = permissions.All.Value
	}
	for name, scope := range permissions.Scopes {
		granted[name] = scope.Value.Value
	}
	return granted
}

func TestOnlyCheckedCommitsOfMainAreDeployed(t *testing.T) {
	ci, deploy := parse(t, "ci.yml"), parse(t, "deploy.yml")
	if diff := cmp.Diff([]string{"pull_request", "workflow_call"}, events(deploy)); diff != "" {
		t.Errorf("deploy.yml runs on (-want +got):\n%s", diff)
	}
	caller := ci.Jobs["deploy"]
	if caller.WorkflowCall == nil || caller.WorkflowCall.Uses.Value != "./.github/workflows/deploy.yml" {
		t.Error("ci.yml does not call deploy.yml")
	}
	if len(caller.Needs) != 1 || caller.Needs[0].Value != "checks" {
		t.Error("ci.yml deploys without the checks")
	}
	if caller.If == nil || caller.If.Value != "github.event_name == 'push'" {
		t.Error("ci.yml deploys on events other than a push")
	}

	job := deploy.Jobs["deploy"]
	if job.Environment == nil || job.Environment.Name.Value != "production" {
		t.Error("the deployment is not in the environment production, which the role's trust policy requires")
	}
	for _, condition := range []string{"github.event_name == 'push'", "github.ref == 'refs/heads/main'"} {
		if job.If == nil || !strings.Contains(job.If.Value, condition) {
			t.Errorf("the deployment does not require %s", condition)
		}
	}
}

func TestDeploymentsAreNeverCancelled(t *testing.T) {
	ci, deploy := parse(t, "ci.yml"), parse(t, "deploy.yml")
	own := deploy.Jobs["deploy"].Concurrency
	if own == nil || own.CancelInProgress == nil || own.CancelInProgress.Value || own.CancelInProgress.Expression != nil {
		t.Fatal("the deployment has no concurrency group with cancel-in-progress: false")
	}
	if strings.Contains(own.Group.Value, "${{") {
		t.Errorf("deployments can run at the same time: their group is %s", own.Group.Value)
	}
	// A group that includes the deployment would also cancel it.
	if ci.Concurrency != nil || deploy.Concurrency != nil || ci.Jobs["deploy"].Concurrency != nil {
		t.Error("a concurrency group includes the deployment")
	}
}

func TestForksGetNoCredentials(t *testing.T) {
	jobs := parse(t, "deploy.yml").Jobs
	const own = "github.event.pull_request.head.repo.full_name == github.repository"
	if diff := jobs["diff"]; diff.If == nil || !strings.Contains(diff.If.Value, own) {
		t.Error("the diff of a pull request from a fork is not skipped")
	}
	if skipped := jobs["skipped"]; !strings.Contains(skipped.If.Value, strings.Replace(own, "==", "!=", 1)) {
		t.Error("no notice says that the diff of a pull request from a fork is skipped")
	}
}

func TestNoKeysAreStored(t *testing.T) {
	want := map[string]string{"diff": "${{ vars.AWS_DIFF_ROLE_ARN }}", "deploy": "${{ vars.AWS_DEPLOY_ROLE_ARN }}"}
	got := map[string]string{}
	for _, file := range workflows(t) {
		if strings.Contains(read(t, ".github/workflows/"+file), "secrets") {
			t.Errorf("%s uses secrets", file)
		}
		for name, job := range parse(t, file).Jobs {
			for _, step := range job.Steps {
				action, ok := step.Exec.(*actionlint.ExecAction)
				if !ok || !strings.HasPrefix(action.Uses.Value, "aws-actions/configure-aws-credentials@") {
					continue
				}
				for input, given := range action.Inputs {
					if input == "role-to-assume" {
						got[name] = given.Value.Value
					}
					if strings.HasPrefix(input, "aws-access-key") || strings.HasPrefix(input, "aws-secret") {
						t.Errorf("%s: job %s uses %s", file, name, input)
					}
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roles of the jobs (-want +got):\n%s", diff)
	}
}

func TestHowTheCDKIsCalled(t *testing.T) {
	jobs := parse(t, "deploy.yml").Jobs
	const call = `npx --yes "$CDK" `
	for name, want := range map[string]string{
		"diff":   call + "diff --app cdk.out --method template --ci ",
		"deploy": call + "deploy --app cdk.out --ci --require-approval never ",
	} {
		if got := strings.Join(scripts(jobs[name]), "\n"); !strings.Contains(got, want) {
			t.Errorf("job %s does not run %s:\n%s", name, want, got)
		}
	}
}
