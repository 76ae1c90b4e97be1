package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/jsii-runtime-go"
)

// bootstrap is the name by which Lambda's OS-only runtimes start a function.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
const bootstrap = "bootstrap"

// builder compiles the functions with the Go that is installed, so that no Docker is needed.
type builder struct {
	moduleRoot string
	failure    error // of the first function that could not be built
}

// code is a function's binary, built from the package functions/<source> when CDK needs it.
func (b *builder) code(source string) awslambda.Code {
	return awslambda.Code_FromAsset(jsii.String(b.moduleRoot), &awss3assets.AssetOptions{
		// The hash of the binary: a change that leaves it the same deploys nothing.
		AssetHashType: awscdk.AssetHashType_OUTPUT,
		Bundling: &awscdk.BundlingOptions{
			// jsii takes a Go value as an object only by its address.
			Local: &bundler{builder: b, source: source},
			// CDK bundles the same folder with the same options only once, and the functions differ in nothing else
			// that it sees: without this, both would get the first one's binary.
			Command: jsii.Strings(buildArguments(bootstrap, source)...),
			// CDK asks for an image, though it never gets to run one: see TryBundle.
			Image: awscdk.DockerImage_FromRegistry(jsii.String("unused")),
		},
	})
}

// bundler is CDK's view of the builder, for one function.
type bundler struct {
	builder *builder
	source  string
}

// TryBundle is CDK's call to leave a function's files in outputDir. After a false, CDK would try Docker and talk of
// Docker instead of the code; after a panic, jsii can't be closed in peace. So a failure is kept for writeStack to return,
// and CDK, which finds no files, ends the synthesis.
func (b *bundler) TryBundle(outputDir *string, _ *awscdk.BundlingOptions) *bool {
	if err := b.builder.build(b.source, *outputDir); err != nil {
		b.builder.failure = err
	}
	return jsii.Bool(true)
}

// build compiles functions/<source> for Lambda on arm64 into outputDir.
func (b *builder) build(source, outputDir string) error {
	command := exec.Command("go", buildArguments(filepath.Join(outputDir, bootstrap), source)...)
	command.Dir = b.moduleRoot
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	output, err := command.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("cannot build functions/%s: the go command is not in PATH; install Go (https://go.dev/dl) and try again", source)
	}
	if err != nil {
		return fmt.Errorf("cannot build functions/%s: %w\n%s", source, err, bytes.TrimSpace(output))
	}
	return nil
}

// buildArguments are what `go` is called with. The same source and the same Go give the same binary, wherever it is
// built: no paths, no build id, no version control. Without Go's RPC, which only the retired go1.x runtime used, it is
// 3 MB smaller.
func buildArguments(output, source string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=",
		"-o", output, "./functions/" + source}
}

// moduleRoot is the folder with go.mod, in which this program or its test runs, or above it.
func moduleRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("cannot find the module's root: %w", err)
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("cannot find go.mod in %s or above: run this in the project's folder", start)
		}
	}
}
