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

	"heroku-drains/lib/stack"
)

// builder compiles the functions with the installed Go, so that no Docker is needed.
type builder struct {
	moduleRoot string
	rules      []packed // the file with the alert rules, if there is one; see readRules
	failure    error    // the error of a function that could not be built
}

// code returns a function's zip file, with the files beside its binary. The binary is built from the package functions/<source> when the CDK
// needs it.
func (b *builder) code(source string, files ...packed) awslambda.Code {
	return awslambda.Code_FromAsset(jsii.String(b.moduleRoot), &awss3assets.AssetOptions{
		// The hash is that of the zip file: a change that affects neither the binary nor the files beside it deploys nothing.
		AssetHashType: awscdk.AssetHashType_OUTPUT,
		Bundling: &awscdk.BundlingOptions{
			OutputType: awscdk.BundlingOutput_ARCHIVED, // see archive
			// A pointer, because jsii accepts no other Go value as an object.
			Local: &bundler{builder: b, source: source, files: files},
			// The CDK bundles a folder only once with the same options. This is the only option that differs between the functions: without
			// it, both would get the binary of the first.
			Command: jsii.Strings(stack.BuildArguments(stack.Bootstrap, "./functions/"+source)...),
			// The CDK requires an image, but never runs it: see TryBundle.
			Image: awscdk.DockerImage_FromRegistry(jsii.String("unused")),
		},
	})
}

// bundler is the CDK's view of the builder, for one function.
type bundler struct {
	builder *builder
	source  string
	files   []packed
}

// TryBundle writes a function's zip file to outputDir, for the CDK. If it returned false, the CDK would try Docker, and report a problem with
// Docker instead of the code; if it panicked, jsii could not be closed properly. So it stores the failure for writeStack to return, and the
// CDK, which finds no file, ends the synthesis.
func (b *bundler) TryBundle(outputDir *string, _ *awscdk.BundlingOptions) *bool {
	if err := b.builder.build(b.source, *outputDir, b.files...); err != nil {
		b.builder.failure = err
	}
	return jsii.Bool(true)
}

// build compiles functions/<source> for Lambda on arm64, and packs it, with the files, into a zip file in outputDir.
func (b *builder) build(source, outputDir string, files ...packed) error {
	temporary, err := os.MkdirTemp("", "heroku-drains")
	if err != nil {
		return fmt.Errorf("cannot build functions/%s: %w", source, err)
	}
	defer os.RemoveAll(temporary)
	binary := filepath.Join(temporary, stack.Bootstrap)
	if err := b.compile(source, binary); err != nil {
		return err
	}
	content, err := os.ReadFile(binary)
	if err == nil {
		files = append([]packed{{name: stack.Bootstrap, mode: 0o755, content: content}}, files...)
		err = archive(filepath.Join(outputDir, "function.zip"), files...)
	}
	if err != nil {
		return fmt.Errorf("cannot pack functions/%s: %w", source, err)
	}
	return nil
}

// compile compiles functions/<source> for Lambda on arm64 into the file binary.
func (b *builder) compile(source, binary string) error {
	command := exec.Command("go", stack.BuildArguments(binary, "./functions/"+source)...)
	command.Dir = b.moduleRoot
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	output, err := command.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("cannot build functions/%s: go is not in PATH; install it (https://go.dev/dl) and try again", source)
	}
	if err != nil {
		return fmt.Errorf("cannot build functions/%s: %w\n%s", source, err, bytes.TrimSpace(output))
	}
	return nil
}

// moduleRoot returns the folder with go.mod: the current one, or one above.
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
			return "", fmt.Errorf("cannot find go.mod in %s or above; run this in the project's folder", start)
		}
	}
}
