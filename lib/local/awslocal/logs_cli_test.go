package awslocal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestLogsWithAWSCLI writes and reads events with the aws CLI, if it is installed.
func TestLogsWithAWSCLI(t *testing.T) {
	t.Parallel()
	version, err := exec.Command("aws", "--version").CombinedOutput()
	if err != nil {
		t.Skip("SKIPPED: the aws CLI is not on PATH (pip install awscli)")
	}
	server := localtest.StartAWS(t, awslocal.Options{})
	g := newGroup(t, backend{config: server.Config()}, shop)
	at := ago(time.Hour)
	g.mustPut(t, shop, numbered(at, 3)...)

	aws := func(arguments ...string) string {
		t.Helper()
		arguments = append([]string{"--endpoint-url", server.AWSURL(), "--output", "json", "logs"}, arguments...)
		command := exec.CommandContext(t.Context(), "aws", arguments...)
		command.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
			"AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=",
		}
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("aws %s: %v\n%s", strings.Join(arguments, " "), err, out)
		}
		return string(out)
	}
	read := func(arguments ...string) []string {
		t.Helper()
		var out struct{ Events []struct{ Message string } }
		text := aws(arguments...)
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		var messages []string
		for _, e := range out.Events {
			messages = append(messages, e.Message)
		}
		return messages
	}
	stream := []string{"--log-group-name", groupName, "--log-stream-name", shop}

	if diff := cmp.Diff([]string{"0", "1", "2"}, read(append([]string{"get-log-events", "--start-from-head"}, stream...)...)); diff != "" {
		t.Errorf("get-log-events:\n%s", diff)
	}
	later := fmt.Sprintf("timestamp=%d,message=3", at.Add(time.Minute).UnixMilli())
	aws(append([]string{"put-log-events", "--log-events", later}, stream...)...)
	got := read("filter-log-events", "--log-group-name", groupName, "--filter-pattern", "?1 ?3", "--page-size", "1")
	if diff := cmp.Diff([]string{"1", "3"}, got); diff != "" {
		t.Errorf("filter-log-events:\n%s", diff)
	}
	if !strings.HasPrefix(string(version), "aws-cli/2") {
		return // version 1 does not have tail
	}
	tailed := aws("tail", groupName, "--since", "2h", "--format", "short")
	if strings.Count(tailed, "\n") != 4 || !strings.HasSuffix(tailed, " 3\n") {
		t.Errorf("tail: %q", tailed)
	}
}
