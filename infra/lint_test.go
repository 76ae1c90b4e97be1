package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// acceptedLint are findings of cfn-lint that are not mistakes of the stack: the reasons, by place and rule.
var acceptedLint = map[string]string{
	"Drains921341E0/DependsOn W3005":  "CDK has a function wait for its role by name as well as by reference.",
	"Storage07F31EBC/DependsOn W3005": "The same.",
	"Alerts91F83244/DependsOn W3005":  "The same.",
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
	"Dashboard9E4231ED/Properties/Tags E3002":     "Dashboards have tags since 2026, which cfn-lint 1.51.0 does not know.",
	"AppsDashboardA5BAF5DB/Properties/Tags E3002": "The same.",
}

// A template that cfn-lint rejects is usually one that CloudFormation rejects in the middle of a deployment.
func TestCfnLint(t *testing.T) {
	linter, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("SKIPPED: cfn-lint is not in PATH (pip install cfn-lint==1.51.0)")
	}
	s := everythingSettings()
	lint(t, linter, s)
	s.alertTopicARN = "arn:aws:sns:eu-west-1:111122223333:team-alerts" // instead of a topic of the stack
	lint(t, linter, s)
}

// lint reports the findings of cfn-lint in a stack's template.
func lint(t *testing.T, linter string, s settings) {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	outdir := t.TempDir()
	if _, err := synthesizeIn(outdir, s, &builder{moduleRoot: root}, noBundling); err != nil {
		t.Fatal(err)
	}
	// The exit code says only that there are findings.
	command := exec.CommandContext(t.Context(), linter, "--format", "json", filepath.Join(outdir, "HerokuDrains.template.json"))
	output, failure := command.Output()
	var findings []struct {
		Rule     struct{ ID string }
		Message  string
		Location struct{ Path []any } // names, and numbers in lists
	}
	if err := json.Unmarshal(output, &findings); err != nil {
		t.Fatalf("cfn-lint ended with %v, and its output cannot be read: %v\n%s", failure, err, output)
	}
	for _, f := range findings {
		var names []string
		for _, step := range f.Location.Path {
			if name, ok := step.(string); ok {
				names = append(names, name)
			}
		}
		place := strings.TrimPrefix(strings.Join(names, "/"), "Resources/")
		if acceptedLint[place+" "+f.Rule.ID] == "" {
			t.Errorf("%s: %s: %s", place, f.Rule.ID, f.Message)
		}
	}
}
