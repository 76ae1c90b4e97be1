package docs_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	code = regexp.MustCompile("`([^`\n]+)`")
	// path matches what a page names of the repository: VERB.go and the like are placeholders.
	path        = regexp.MustCompile(`^(?:lib|infra|functions|cmd|docs|test|\.ci|\.github)/[\w./*-]*$`)
	placeholder = regexp.MustCompile(`[A-Z]{3}`)
	identifier  = regexp.MustCompile(`^(?:\w+\.)?([a-zA-Z]\w*)$`)
	word        = regexp.MustCompile(`\w+`)
)

// Files and folders that a page names must exist.
func TestPagesNameFilesThatExist(t *testing.T) {
	named := 0
	for _, page := range pages(t) {
		for _, match := range code.FindAllStringSubmatch(read(t, page), -1) {
			name := match[1]
			if !path.MatchString(name) || placeholder.MatchString(name) {
				continue
			}
			named++
			if found, err := filepath.Glob(filepath.Join("..", name)); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which does not exist", page, name)
			}
		}
	}
	if named == 0 {
		t.Error("no page names a file: the pattern is wrong")
	}
}

// Recipes name functions, types and fields. They must exist, at least somewhere.
func TestRecipesNameIdentifiersThatExist(t *testing.T) {
	words := map[string]bool{"bool": true} // of all Go files
	walk := func(file string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(file, ".go") {
			for _, w := range word.FindAllString(read(t, file), -1) {
				words[w] = true
			}
		}
		return err
	}
	for _, root := range []string{"../lib", "../infra", "costs"} {
		if err := filepath.WalkDir(root, walk); err != nil {
			t.Fatal(err)
		}
	}
	_, recipes, found := strings.Cut(read(t, "../CONTRIBUTING.md"), "\n## Recipes\n")
	if !found {
		t.Fatal("CONTRIBUTING.md has no recipes")
	}
	for _, match := range code.FindAllStringSubmatch(recipes, -1) {
		name := identifier.FindStringSubmatch(match[1])
		if name != nil && !strings.HasSuffix(match[1], ".go") && !words[name[1]] {
			t.Errorf("a recipe names %s, which does not exist", match[1])
		}
	}
}

// Every package of lib must have its place in the description of packages.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	named := map[string]bool{}
	for _, match := range code.FindAllStringSubmatch(read(t, "architecture.md"), -1) {
		named[match[1]] = true
	}
	walk := func(folder string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if entry.Name() == "internal" || entry.Name() == "testdata" {
			return filepath.SkipDir
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			return err
		}
		// A package of a wing is named without the wing: provision for lib/lambda/provision.
		name := strings.TrimPrefix(folder, "../")
		short := strings.TrimPrefix(strings.TrimPrefix(name, "lib/lambda/"), "lib/client/")
		if !named[name] && !named[short] {
			t.Errorf("architecture.md does not name the package %s", name)
		}
		return nil
	}
	if err := filepath.WalkDir("../lib", walk); err != nil {
		t.Fatal(err)
	}
}
