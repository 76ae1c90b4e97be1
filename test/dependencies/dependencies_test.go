package dependencies_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "heroku-drains/"

// listed is a package as `go list -json` reports it. Its Imports are without those of its tests.
type listed struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
}

func TestEachPackageKeepsItsRule(t *testing.T) {
	applied := map[string]bool{}
	for _, p := range list(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		r := ruleOf(from)
		if r == nil {
			t.Errorf("%s has no rule: add one to rules_test.go that says what it may import and why", from)
			continue
		}
		applied[r.from] = true
		for _, to := range p.Imports {
			if err := check(from, to); err != nil {
				t.Error(err)
			}
		}
	}
	for _, r := range rules {
		if !applied[r.from] {
			t.Errorf("the rule of %s applies to no package", r.from)
		}
	}
}

// The compiler rejects circles of packages. The parts of the tree must have none either, so that each can be read after those that it builds on.
func TestPartsImportEachOtherInOneDirection(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range list(t) {
		from := part(p.ImportPath)
		for _, to := range p.Imports {
			if to := part(to); to != "" && to != from && !slices.Contains(imports[from], to) {
				imports[from] = append(imports[from], to)
			}
		}
	}
	done := map[string]bool{}
	var visit func(path []string)
	visit = func(path []string) {
		last := path[len(path)-1]
		if i := slices.Index(path, last); i < len(path)-1 {
			t.Errorf("parts import each other in a circle: %s", strings.Join(path[i:], " → "))
			return
		}
		if done[last] {
			return
		}
		for _, to := range imports[last] {
			visit(append(path, to))
		}
		done[last] = true
	}
	for from := range imports {
		visit([]string{from})
	}
}

// part returns the part of the tree that a package belongs to: a folder of lib, or a folder at the root. It is empty for a package
// of another module.
func part(importPath string) string {
	path, ours := strings.CutPrefix(importPath, module)
	if !ours {
		return ""
	}
	elements := strings.Split(path, "/")
	if elements[0] == "lib" {
		return strings.Join(elements[:2], "/")
	}
	return elements[0]
}

func TestRulesForbid(t *testing.T) {
	for _, arrow := range []struct{ from, to, why string }{
		{"lib/drain", "github.com/aws/aws-sdk-go-v2/aws", "no AWS"},
		{"lib/drain", module + "lib/stack", "shared packages below it"},
		{"lib/credential", "net/http", "no HTTP"},
		{"lib/logplex", module + "lib/envelope", "shared packages below it"},
		{"lib/stack", module + "lib/lambda/provision", "shared packages below it"},
		{"lib/lambda/ingest", module + "lib/client/heroku", "not the client"},
		{"lib/lambda/storage", module + "lib/local/awslocal", "not the local system"},
		{"lib/lambda/storage", "github.com/klauspost/compress/zstd", "cold starts"},
		{"lib/lambda/storage", module + "lib/alert/alertfile", "cold starts"},
		{"lib/client/connect", module + "lib/lambda/provision", "not lib/lambda"},
		{"lib/client/connect", module + "lib/local", "only cli imports lib/local"},
		{"lib/client/rotation", module + "lib/client/cli", "nor the command line"},
		{"lib/client/rotation", "github.com/alecthomas/kong", "only cli knows flags"},
		{"lib/client/cli", module + "lib/lambda/provision", "does not link them"},
		{"lib/client/heroku", module + "lib/local/herokufake", "only cli imports lib/local"},
		{"lib/local/herokufake", module + "lib/client/heroku", "nothing of drains on AWS"},
		{"lib/client/cli", "github.com/aws/aws-cdk-go/awscdk/v2", "only infra imports awscdk"},
		{"lib/local", module + "lib/client/apiclient", "nothing of the client"},
		{"lib/local/awslocal/internal/sqs", module + "lib/drain", "nothing of drains"},
		{"functions/heroku-drains", module + "lib/lambda/storagefunction", "only its own wiring"},
		{"functions/heroku-drains-storage", module + "lib/stack", "only its own wiring"},
		{"infra", module + "lib/local", "not the code"},
		{"infra", module + "infra/internal/iamtest", "only tests"},
		{"cmd/heroku-drains-cli", module + "lib/local", "only calls cli"},
	} {
		if err := check(arrow.from, arrow.to); err == nil || !strings.Contains(err.Error(), arrow.why) {
			t.Errorf("%s → %s: error %v, want one with %q", arrow.from, arrow.to, err, arrow.why)
		}
	}
}

// check returns an error that names the rule if the package from, of this module, must not import to.
func check(from, to string) error {
	target, ours := strings.CutPrefix(to, module)
	for _, r := range reserved {
		if matches(r.packages, target) && !matches(r.only, from) {
			return fmt.Errorf("%s must not import %s: %s", from, target, r.why)
		}
	}
	r := ruleOf(from)
	var allowed bool
	switch standard := !strings.Contains(strings.SplitN(to, "/", 2)[0], "."); {
	case matches(r.never, target):
	case ours:
		allowed = matches(r.ours, target)
	default:
		allowed = standard || slices.Contains(r.modules, anyModule) || matches(r.modules, target)
	}
	if !allowed {
		return fmt.Errorf("%s must not import %s: %s (the rule of %s)", from, target, r.why, r.from)
	}
	return nil
}

// ruleOf returns the rule of a package, or nil if there is none.
func ruleOf(from string) *rule {
	for i, r := range rules {
		if matches([]string{r.from}, from) {
			return &rules[i]
		}
	}
	return nil
}

// matches reports whether a package matches one of the patterns.
func matches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		root, below := strings.CutSuffix(pattern, "/...")
		return path == root || below && strings.HasPrefix(path, root+"/")
	})
}

// list returns the packages of this module that are not only tests.
func list(t *testing.T) []listed {
	t.Helper()
	watch(t, "../..")
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,GoFiles", module+"...")
	output, err := command.Output()
	if failure, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failure.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read the output of go list: %v", err)
		}
		if len(p.GoFiles) > 0 {
			packages = append(packages, p)
		}
	}
}

// watch reads each folder with source code: go test does not see what go list reads, and would reuse the result of an earlier run.
func watch(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
