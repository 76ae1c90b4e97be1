package awslocal_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCLI uses the aws CLI, whose botocore signs and parses differently from the Go SDK.
func TestCLI(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("SKIPPED: the aws CLI is not on PATH")
	}
	b := startBackend(t)
	newQueue(t, b, "APP_shop")
	newSecret(t, b, "signing key")
	none := filepath.Join(t.TempDir(), "none")
	url := b.server.AWSURL() + "/000000000000/APP_shop"
	absent := "arn:aws:lambda:us-east-1:000000000000:function:absent"
	for _, c := range []struct {
		name string
		args []string
		want string // part of the output
		fail bool
	}{
		{"form", []string{"sts", "get-caller-identity"}, "arn:aws:iam::000000000000:user/local", false},
		{"list", []string{"sqs", "list-queues"}, url, false},
		{"text that is not ASCII", []string{"sqs", "send-message", "--queue-url", url, "--message-body", "héllo"}, "be50e8478cf24ff3", false},
		{"an error of SQS", []string{"sqs", "get-queue-url", "--queue-name", "absent"}, "(AWS.SimpleQueueService.NonExistentQueue)", true},
		{"a secret", []string{"secretsmanager", "get-secret-value", "--secret-id", secretName}, "signing key", false},
		{"a path with colons", []string{"lambda", "get-function", "--function-name", absent}, "(ResourceNotFoundException)", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), path, append([]string{"--endpoint-url", b.server.AWSURL()}, c.args...)...)
			cmd.Env = append(cmd.Environ(), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_DEFAULT_REGION=us-east-1",
				"AWS_CONFIG_FILE="+none, "AWS_SHARED_CREDENTIALS_FILE="+none, "AWS_PAGER=")
			out, err := cmd.CombinedOutput()
			if (err != nil) != c.fail || !strings.Contains(string(out), c.want) {
				t.Errorf("aws %s: %v\n%s", strings.Join(c.args, " "), err, out)
			}
		})
	}
}
