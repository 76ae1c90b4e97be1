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
	newTable(t, b).put(t, keyed("shop", "H12", "n", num("5")))
	topic := *newTopic(t, b).arn
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
		{"an item", []string{"dynamodb", "get-item", "--table-name", "state", "--key", `{"app":{"S":"shop"},"key":{"S":"H12"}}`, "--consistent-read"}, `"N": "5"`, false},
		{"a query", []string{"dynamodb", "query", "--table-name", "state", "--key-condition-expression", "app = :a",
			"--expression-attribute-values", `{":a":{"S":"shop"}}`}, `"Count": 1`, false},
		{"a scan by pages", []string{"dynamodb", "scan", "--table-name", "state", "--page-size", "1"}, `"H12"`, false},
		{"an error of DynamoDB", []string{"dynamodb", "put-item", "--table-name", "state", "--item", `{"app":{"S":"shop"},"key":{"S":"H12"}}`,
			"--condition-expression", "attribute_not_exists(app)"}, "(ConditionalCheckFailedException)", true},
		{"a table", []string{"dynamodb", "describe-table", "--table-name", "state"}, `"PAY_PER_REQUEST"`, false},
		{"a message to a topic", []string{"sns", "publish", "--topic-arn", topic, "--subject", "It broke", "--message", "héllo"}, `"MessageId"`, false},
		{"topics", []string{"sns", "list-topics"}, topic, false},
		{"an error of SNS", []string{"sns", "publish", "--topic-arn", topic + "x", "--message", "x"}, "(NotFound)", true},
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
