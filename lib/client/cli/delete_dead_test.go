package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// A deleted drain leaves its dead letters where nothing moves them back: delete says so before and after, and doctor says what helps.
func TestDeleteSaysWhichDeadLettersRemain(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("crm", webLine("one"))
	s.addDeadLetter("crm2", webLine("two"))
	s.addDeadLetter("shop", webLine("three"))
	for _, app := range []string{"crm", "crm2", "blog", "shop"} {
		s.must("put", "-a", app)
	}
	cli := "`heroku-drains-cli " + strings.Join(s.local(), " ") + " "
	const leave = "leave 1 dead letter in the dead-letter queue, which cannot be moved back without the drain"
	before := leave + " (first store it: " + cli + "redrive -a crm`, or save it: " + cli + "redrive -a crm --save crm-dead-letters.jsonl`)\n"
	wantIn(t, "dry run", s.must("delete", "-a", "crm", "--dry-run").stdout, before)
	if got := s.must("delete", "-a", "blog", "--dry-run").stdout; strings.Contains(got, "dead") {
		t.Errorf("dry run of blog:\n%s", got)
	}
	asked := command(t, nil, s.local("delete", "-a", "crm")...)
	wantCode(t, asked, 2)
	wantIn(t, "question", asked.stderr, before)

	got := s.must("delete", "-a", "crm", "--yes", "--output", "json")
	wantIn(t, "stdout", got.stdout, `"dead_letters": 1`)
	wantIn(t, "stderr", got.stderr, "1 dead letter of crm remains in the dead-letter queue until it is 14 days old. Without the drain, it cannot be moved back. To save it: "+
		cli+"redrive -a crm --save crm-dead-letters.jsonl`. To store it after all: "+cli+"put -a crm`, then "+cli+"redrive -a crm`.\n")
	if got := s.must("delete", "-a", "blog", "--yes").stderr; strings.Contains(got, "dead") {
		t.Errorf("blog: %s", got)
	}
	wantIn(t, "list", s.must("list").stderr, "1 dead letter of crm remains in the dead-letter queue")

	found := command(t, nil, s.local("doctor")...)
	wantCode(t, found, 1)
	wantIn(t, "doctor", found.stdout, "create the drain of crm again with "+cli+"put -a crm` (or only save its dead letters: "+
		cli+"redrive -a crm --save crm-dead-letters.jsonl`)")

	t.Chdir(t.TempDir())
	save := regexp.MustCompile("To save it: `heroku-drains-cli ([^`]+)`").FindStringSubmatch(got.stderr)
	if save == nil {
		t.Fatal("delete names no command that saves it")
	}
	wantCode(t, command(t, nil, strings.Fields(save[1])...), 0)
	if files, _ := filepath.Glob("crm-dead-letters.jsonl"); len(files) != 1 {
		t.Error("the command that delete names saves nothing")
	}

	all := s.must("delete", "--all", "--dry-run").stdout
	wantIn(t, "dry run of all", all, "crm2: "+leave, "shop: "+leave)
	got = s.must("delete", "--all", "--yes")
	wantIn(t, "all", got.stderr, "2 dead letters remain in the dead-letter queue (1 of crm2, 1 of shop) until they are 14 days old; 'cdk destroy' deletes them. "+
		"Without the drains, they cannot be moved back. To save them: "+cli+"redrive --save dead-letters.jsonl`. To store them after all, create each drain again and "+
		"redrive, for example: "+cli+"put -a crm2`, then "+cli+"redrive -a crm2`.\n")

	s.AWS.Advance(61 * time.Second) // the queue's name is free again
	for _, line := range regexp.MustCompile("`heroku-drains-cli ([^`]+)`").FindAllStringSubmatch(got.stderr, -1) {
		wantCode(t, command(t, nil, strings.Fields(line[1])...), 0)
	}
	if diff := cmp.Diff([]string{"two"}, s.storedLines("crm2", 1)); diff != "" {
		t.Errorf("crm2 (-want +got):\n%s", diff)
	}
}

// What cannot be counted stops no delete, and is said.
func TestDeleteWithoutACountOfDeadLetters(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	t.Cleanup(s.AWS.Inject(awslocal.Fault{
		Service: "sqs", Operation: "GetQueueAttributes", Resource: stack.LocalDeadLetterQueue, Status: http.StatusForbidden, Code: "AccessDenied", Message: "no",
	}))
	for _, args := range [][]string{{"--dry-run"}, {"--yes"}} {
		got := s.must(append([]string{"delete", "-a", "shop"}, args...)...)
		if n := strings.Count(got.stderr, "Cannot show dead letters: "); n != 1 {
			t.Errorf("%v: said %d times: %s", args, n, got.stderr)
		}
	}
}

// sync --prune deletes drains, too.
func TestPruneSaysWhichDeadLettersRemain(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("crm", webLine("one"))
	s.must("put", "-a", "crm")
	file := filepath.Join(t.TempDir(), "fleet.yaml")
	localtest.Must(t, os.WriteFile(file, []byte("apps:\n  shop:\n"), 0o600))
	const leave = "crm: leave 1 dead letter in the dead-letter queue, which cannot be moved back without the drain"
	wantIn(t, "dry run", s.must("sync", file, "--prune", "--dry-run").stderr, leave)
	if got := s.must("sync", file, "--dry-run").stderr; strings.Contains(got, "dead") {
		t.Errorf("without --prune: %s", got)
	}
	asked := command(t, nil, s.local("sync", file, "--prune")...)
	wantCode(t, asked, 2)
	wantIn(t, "question", asked.stderr, leave)
	wantIn(t, "result", s.must("sync", file, "--prune", "--yes").stderr, "1 dead letter of crm remains in the dead-letter queue until it is 14 days old.")
}
