package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"heroku-drains/lib/stack"
)

// program is the binary of a Lambda function, built as it is deployed.
type program struct {
	name    string
	pkg     string   // in this module
	environ []string // what its stack sets
	binary  string   // for this machine
	size    int64    // of the binary for Lambda on arm64, in bytes
	zipped  int64    // of its zip file
}

// programs returns the functions of this module, after one that only has three clients of the SDK.
func programs() []program {
	drains := stack.DefaultDrainsEnvironment()
	drains.StorageFunction, drains.DeadLetterQueueARN, drains.SigningKey = "heroku-drains-storage", "arn:aws:sqs:"+region+":"+account+":dead", "key"
	storage := stack.DefaultStorageEnvironment()
	storage.AlertsQueue = queueURL
	alerts := stack.DefaultAlertsEnvironment()
	alerts.Table, alerts.Topic, alerts.Queue = "alerts", "arn:aws:sns:"+region+":"+account+":alerts", queueURL
	return []program{
		{name: "three clients, by hand", pkg: "test/performance/byhand"},
		{name: "drains", pkg: "functions/" + stack.DrainsSource, environ: environ(drains.Map())},
		{name: "storage", pkg: "functions/" + stack.StorageSource, environ: environ(storage.Map())},
		{name: "alerts", pkg: "functions/" + stack.AlertsSource, environ: environ(alerts.Map())},
	}
}

func environ(variables map[string]string) []string {
	var all []string
	for name, value := range variables {
		all = append(all, name+"="+value)
	}
	return all
}

// build builds the program for this machine and for Lambda into a folder, and measures the latter.
func (p *program) build(ctx context.Context, dir string) error {
	p.binary = filepath.Join(dir, p.name)
	if err := goBuild(ctx, ".", p.binary, p.pkg); err != nil {
		return err
	}
	if err := rewrite(p.binary); err != nil {
		return err
	}
	deployed := p.binary + " arm64"
	if err := goBuild(ctx, ".", deployed, p.pkg, "GOOS=linux", "GOARCH=arm64"); err != nil {
		return err
	}
	content, err := os.ReadFile(deployed)
	if err != nil {
		return err
	}
	p.size = int64(len(content))
	p.zipped, err = zippedSize(content)
	return err
}

// rewrite writes a binary anew, in one piece. How the linker wrote it decides how the system keeps it in memory, and two files with the same content
// that were written in different ways start up to a fifth sooner or later.
func rewrite(binary string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	if err := os.Remove(binary); err != nil {
		return err
	}
	return os.WriteFile(binary, content, 0o755)
}

// goBuild builds a package of the module in a folder, as functions are built.
func goBuild(ctx context.Context, module, output, pkg string, environ ...string) error {
	build := exec.CommandContext(ctx, "go", stack.BuildArguments(output, "./"+pkg)...)
	build.Dir = module
	build.Env = append(append(os.Environ(), "CGO_ENABLED=0"), environ...)
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// zippedSize returns the size of a zip file with a binary, as the stack makes it, in bytes.
func zippedSize(binary []byte) (int64, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	entry, err := w.Create(stack.Bootstrap)
	if err != nil {
		return 0, err
	}
	if _, err := entry.Write(binary); err != nil {
		return 0, err
	}
	err = w.Close()
	return int64(out.Len()), err
}
