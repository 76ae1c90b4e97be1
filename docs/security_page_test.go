package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testName matches the name of a test, and packageName that of the package that the tests after it are in.
var (
	testName    = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)\w+$`)
	packageName = regexp.MustCompile(`^(?:lib|infra|docs|test)/(?:[\w/]+/)?$`)
)

// testsOf returns the tests, fuzz targets and benchmarks in a package.
func testsOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declaration.FindAllStringSubmatch(string(text), -1) {
			found[match[1]] = true
		}
	}
	return found
}

// Each threat in SECURITY.md names tests that hold it, and they exist.
func TestThreatsHaveTests(t *testing.T) {
	_, page, found := strings.Cut(read(t, "../SECURITY.md"), "\n## Threats and their tests\n")
	if !found {
		t.Fatal("SECURITY.md has no threats")
	}
	page, _, _ = strings.Cut(page, "\n## ")
	threats := 0
	for line := range strings.Lines(page) {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 || strings.HasPrefix(line, "| threat ") {
			continue
		}
		threats++
		folder, named := "", 0
		for _, match := range code.FindAllStringSubmatch(cells[2], -1) {
			switch name := match[1]; {
			case packageName.MatchString(name):
				folder = name
			case !testName.MatchString(name):
				t.Errorf("%s: %s is neither a package nor a test", cells[0], name)
			case !testsOf(t, folder)[name]:
				t.Errorf("%s: there is no %s in %q", cells[0], name, folder)
			default:
				named++
			}
		}
		if named == 0 {
			t.Errorf("%s: no test", cells[0])
		}
	}
	if threats < 20 {
		t.Errorf("SECURITY.md has %d threats: the pattern is wrong", threats)
	}
}
