package docs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local"
	"heroku-drains/lib/stack"
)

const apiPage = "api.md"

var (
	// example matches a command of the page, and the response below it, which there may be.
	example = regexp.MustCompile("```sh\n((?:[^`]|`[^`])*?)```\n(?:\n```json\n([^`]*)```\n)?")

	// varying are the parts of responses that differ in each run, and what the page has instead of them.
	varying = []struct {
		pattern *regexp.Regexp
		shown   string
	}{
		{regexp.MustCompile(`http://127\.0\.0\.1:\d+/(\d{12})`), "https://sqs.us-east-1.amazonaws.com/123456789012"},
		{regexp.MustCompile(`http://shop:[\w-]{32}@127\.0\.0\.1:\d+`), "https://shop:…@a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"},
		{regexp.MustCompile(stack.LocalAccountID), "123456789012"},
		{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "2f8ba1f3-4a8e-4d0e-9c55-0c3f6c1d7e21"},
		{regexp.MustCompile(`"request_id": "[^"]+"`), `"request_id": "Rsu4KsV6qatRh3A="`},
		{regexp.MustCompile(`"(messages|in_flight)": \d+`), `"$1": 0`}, // of the line that was posted
		{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "2026-11-27T18:00:00Z"},
	}
)

// TestExamplesOfTheAPI runs the commands of the page one after the other, and compares their responses with those on the page. With -update, it
// writes them into the page.
func TestExamplesOfTheAPI(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the commands need %s: %v", tool, err)
		}
	}
	if exec.Command("curl", "--json", "{}", "--aws-sigv4", "aws:amz", "--version").Run() != nil {
		t.Skip("curl is older than 7.82")
	}
	system, err := local.Start(t.Context(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = system.Close() })
	environment := append(os.Environ(), "API="+system.AWS.APIURL(), "AWS_REGION="+stack.LocalRegion, "AWS_SESSION_TOKEN=",
		"AWS_ACCESS_KEY_ID="+stack.LocalAccessKey, "AWS_SECRET_ACCESS_KEY="+stack.LocalAccessKey)

	page := read(t, apiPage)
	examples := example.FindAllStringSubmatch(page, -1)
	if len(examples) < len(stack.Routes()) {
		t.Fatalf("%d examples for %d routes", len(examples), len(stack.Routes()))
	}
	function := examples[0][1]
	rewritten := page
	for _, match := range examples[1:] {
		until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", function+strings.Replace(match[1], "UNTIL", until, 1))
		command.Env = environment
		var failure bytes.Buffer
		command.Stderr = &failure
		body, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v: %s", match[1], err, failure.String())
		}
		want := "```sh\n" + match[1] + "```\n"
		if len(body) > 0 {
			want += "\n```json\n" + shownJSON(t, body) + "```\n"
		}
		if diff := cmp.Diff(want, match[0]); diff != "" && !*update {
			t.Errorf("an example is out of date; `go test ./docs -update` writes it (-want +got):\n%s", diff)
		}
		rewritten = strings.Replace(rewritten, match[0], want, 1)
	}
	if *update {
		if err := os.WriteFile(apiPage, []byte(rewritten), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shownJSON returns a response as the page shows it: indented, with the first element of a list, and without what varies.
func shownJSON(t *testing.T, body []byte) string {
	t.Helper()
	var list struct {
		Data []json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &list) == nil && len(list.Data) > 1 {
		body, _ = json.Marshal(map[string]any{"data": list.Data[:1]})
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, body, "", "  "); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	text := indented.String() + "\n"
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.shown)
	}
	return text
}

// TestPageOfTheAPINamesEveryRoute checks that no route is forgotten.
func TestPageOfTheAPINamesEveryRoute(t *testing.T) {
	page := read(t, apiPage)
	for _, r := range stack.Routes() {
		if !strings.Contains(page, "`"+r.Key+"`") {
			t.Errorf("%s does not describe %s", apiPage, r.Key)
		}
	}
}
