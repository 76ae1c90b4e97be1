package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// cdk is the CDK CLI, run as its users do, with an AWS endpoint.
type cdk struct {
	environment []string
}

const cdkCLI = "aws-cdk@2.1148.1"

// newCDK finds the CLI, or skips the test.
func newCDK(t *testing.T, config aws.Config) cdk {
	t.Helper()
	if _, err := exec.LookPath("npx"); err != nil {
		t.Skip("SKIPPED: npx is not in PATH (https://nodejs.org)")
	}
	if output, err := exec.CommandContext(t.Context(), "npx", "--yes", cdkCLI, "--version").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: npx cannot run %s: %v\n%s", cdkCLI, err, output)
	}
	return cdk{environment: append(os.Environ(),
		"AWS_ENDPOINT_URL="+*config.BaseEndpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION="+config.Region,
		"AWS_EC2_METADATA_DISABLED=true", "CDK_DISABLE_CLI_TELEMETRY=1", "CDK_DISABLE_VERSION_CHECK=1", "NO_COLOR=1")}
}

// run runs a command of the CLI on a synthesized app, and returns its output.
func (c cdk) run(t *testing.T, assembly string, arguments ...string) string {
	t.Helper()
	arguments = append([]string{"--yes", cdkCLI, "--no-notices", "--app", assembly}, arguments...)
	command := exec.CommandContext(t.Context(), "npx", arguments...)
	command.Env = c.environment
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("npx %v: %v\n%s", arguments, err, output)
	}
	return string(output)
}

// deploy deploys to moto, which supports neither change sets nor previous parameters in an update.
func (c cdk) deploy(t *testing.T, assembly string) string {
	t.Helper()
	return c.run(t, assembly, "deploy", "--method=direct", "--no-previous-parameters", "--require-approval=never")
}

// assembly synthesizes the stack with its functions, for moto: without an output and a dashboard that refer to resources that moto does not
// support, on which it would fail, and with the older variant of the deletion policy.
func assembly(t *testing.T, s settings) string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	outdir := t.TempDir()
	if _, err := synthesizeIn(outdir, s, &builder{moduleRoot: root}, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(outdir, string(s.stackName)+".template.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	delete(whole["Outputs"].(map[string]any), "ApiUrl")
	delete(whole["Resources"].(map[string]any), "Dashboard9E4231ED")
	if text, err = json.Marshal(whole); err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(`"RetainExceptOnCreate"`), []byte(`"Retain"`))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return outdir
}
