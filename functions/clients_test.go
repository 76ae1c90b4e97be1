// Package functions_test checks what the binaries of the functions are made of.
package functions_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"

	// go test must not reuse the result of an earlier run if these change.
	_ "heroku-drains/lib/lambda/alertsfunction"
	_ "heroku-drains/lib/lambda/drainsfunction"
	_ "heroku-drains/lib/lambda/storagefunction"
)

// A client that is not called costs each cold start: the binary is downloaded and mapped, and the client's schemas are built. The clients with which
// the SDK's own configuration looks for credentials are four.
func TestFunctionsLinkOnlyTheClientsTheyCall(t *testing.T) {
	for function, want := range map[string][]string{
		"heroku-drains":         {"cloudwatch", "secretsmanager", "sqs"},
		"heroku-drains-alerts":  {"dynamodb", "sns", "sqs"},
		"heroku-drains-storage": {"cloudwatchlogs", "sqs"},
	} {
		t.Run(function, func(t *testing.T) {
			if diff := cmp.Diff(want, clients(t, "./"+function)); diff != "" {
				t.Errorf("service clients (-want +got):\n%s", diff)
			}
		})
	}
}

// clients returns the names of the service clients that a package links.
func clients(t *testing.T, pkg string) []string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", stack.BuildTags, pkg).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var found []string
	for dependency := range strings.Lines(string(output)) {
		name, ok := strings.CutPrefix(strings.TrimSpace(dependency), "github.com/aws/aws-sdk-go-v2/service/")
		if ok && !strings.Contains(name, "/") {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}
