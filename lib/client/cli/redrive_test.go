package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/logplex"
)

// storedLines waits until n lines of an app are stored, and returns their texts.
func (s *system) storedLines(app string, n int) []string {
	s.t.Helper()
	for deadline := time.Now().Add(storeTime); ; {
		var texts []string
		for line := range strings.Lines(s.must("logs", "-a", app).stdout) {
			_, text, _ := strings.Cut(strings.TrimSpace(line), "]: ")
			texts = append(texts, text)
		}
		if len(texts) >= n || time.Now().After(deadline) {
			return texts
		}
	}
}

func TestRedriveMovesEachLetterToItsQueue(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", webLine("one"), webLine("two"))
	s.addDeadLetter("blog", webLine("three"))
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")
	got := s.must("redrive")
	wantIn(t, "stderr", got.stderr, "Moving 2 dead letters back…\n", "Moved 2 dead letters back to the drains' queues. Any that fail again ")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
	if diff := cmp.Diff([]string{"one", "two"}, s.storedLines("shop", 2)); diff != "" {
		t.Errorf("shop (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"three"}, s.storedLines("blog", 1)); diff != "" {
		t.Errorf("blog (-want +got):\n%s", diff)
	}
	again := s.must("redrive", "--output", "json")
	if diff := cmp.Diff("{\n  \"data\": {\n    \"left\": 0,\n    \"moved\": 0\n  }\n}\n", again.stdout); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", again.stderr, "There are no dead letters.\n")
}

func TestRedriveOfAnApp(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", webLine("one"))
	s.addDeadLetter("blog", webLine("two"))
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")
	wantIn(t, "stderr", s.must("redrive", "-a", "shop").stderr, "Moved 1 dead letter back to the drains' queues, and left 1 dead letter.")
	if diff := cmp.Diff([]string{"one"}, s.storedLines("shop", 1)); diff != "" {
		t.Errorf("shop (-want +got):\n%s", diff)
	}
	wantIn(t, "again", s.must("redrive", "-a", "shop").stderr, "Moved no dead letter, and left 1 dead letter.\n")
	if got := s.must("redrive", "--list"); !strings.HasPrefix(got.stdout, "blog: ") || strings.Contains(got.stdout, "shop") {
		t.Errorf("left is %q", got.stdout)
	}
}

func TestRedriveWithADeletedQueue(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("gone", webLine("lost?"))
	s.addDeadLetter("shop", webLine("one"))
	s.addDeadLetter("blog", webLine("two"))
	s.deleteQueue("gone")
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")

	plan := s.must("redrive", "--dry-run")
	want := "move 1 dead letter of blog to its queue\n" +
		"leave 1 dead letter of gone: the queue does not exist\nmove 1 dead letter of shop to its queue\n"
	if diff := cmp.Diff(want, plan.stdout); diff != "" {
		t.Errorf("dry run (-want +got):\n%s", diff)
	}

	got := command(t, nil, s.local("redrive")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "Moved 2 dead letters back to the drains' queues, and left 1 dead letter.", "AWS stopped at a dead letter whose queue does not exist. Moving the others one by one…\n",
		"error: redrive: 1 dead letter of gone cannot be moved: the queue does not exist "+
			"(create it with `heroku-drains-cli "+strings.Join(s.local(), " ")+" put -a gone`, then run `heroku-drains-cli "+strings.Join(s.local(), " ")+" redrive` again)\n")
	for app, text := range map[string]string{"shop": "one", "blog": "two"} {
		if diff := cmp.Diff([]string{text}, s.storedLines(app, 1)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", app, diff)
		}
	}

	got = command(t, nil, s.local("redrive", "-a", "gone")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: redrive: gone has no drain. Create one: `heroku-drains-cli "+strings.Join(s.local(), " ")+" put -a gone`\n")

	s.AWS.Advance(61 * time.Second) // the queue's name is free again
	s.must("put", "-a", "gone")
	wantIn(t, "stderr", s.must("redrive").stderr, "Moved 1 dead letter back to the drains' queues. Any")
	if diff := cmp.Diff([]string{"lost?"}, s.storedLines("gone", 1)); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}

	s.deleteQueue("gone")
	got = command(t, nil, s.local("redrive", "-a", "gone")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: redrive: the drain for gone has no queue. Create it: `heroku-drains-cli "+strings.Join(s.local(), " ")+" put -a gone`\n")
}

func TestRedriveListShowsTheLines(t *testing.T) {
	s := newSystem(t)
	var many []string
	for i := range 12 {
		many = append(many, webLine(fmt.Sprint("line ", i)))
	}
	s.addDeadLetter("shop", append(many, "no line at all")...)
	s.addDeadLetter("blog", webLine("hi \x1b[2J"))
	before := s.must("redrive", "--list")
	wantIn(t, "stdout", before.stdout, "shop: from Heroku 2026-11-22T15:00:00Z, ", " bytes, 13 lines, ID ",
		"app[web.1]: line 9\n  and 3 more lines (--output json shows all)\n", "app[web.1]: hi \x1b[2J\n")
	again := s.must("redrive", "--list")
	sorted := func(text string) []string { return slices.Sorted(strings.Lines(text)) } // SQS promises no order
	if diff := cmp.Diff(sorted(before.stdout), sorted(again.stdout)); diff != "" || strings.Contains(before.stdout, "received") {
		t.Errorf("looking at the letters changes what is shown of them (-before +again):\n%s", diff)
	}
	if own := s.must("redrive", "--list", "-a", "blog"); strings.Contains(own.stdout, "shop") || !strings.Contains(own.stdout, "hi") {
		t.Errorf("of blog: %s", own.stdout)
	}
	var printed struct {
		Total int
		Data  []struct {
			App, Source string
			Lines       []struct{ Source, Process, Message string }
		}
	}
	if err := json.Unmarshal([]byte(s.must("redrive", "--list", "-a", "shop", "--output", "json").stdout), &printed); err != nil {
		t.Fatal(err)
	}
	if printed.Total != 2 || len(printed.Data) != 1 || len(printed.Data[0].Lines) != 13 ||
		printed.Data[0].Source != "arn:aws:sqs:us-east-1:000000000000:APP_shop" {
		t.Fatalf("printed %+v", printed)
	}
	if last := printed.Data[0].Lines[12]; last.Process != "malformed" || last.Message != "no line at all" {
		t.Errorf("last line %+v", last)
	}
	few := s.must("redrive", "--list", "--limit", "1")
	wantIn(t, "stderr", few.stderr, "Showing 1 of 2 dead letters. To see more, raise --limit.")
	after := s.must("redrive", "--list", "--output", "json")
	wantIn(t, "stdout", after.stdout, `"app": "shop"`, `"app": "blog"`, `"total": 2`)
	wantIn(t, "stderr", s.must("redrive", "--list", "-a", "other").stderr, "There are no dead letters of other.")
}

// What Logplex does not write in a line's header is listed, too.
func TestRedriveListShowsOddHeaders(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", "<999>1 2026-11-20T23:59:60Z shield app web.1 - - x\n", "<190>1 - host app web.1 ID47 y\n")
	wantIn(t, "stdout", s.must("redrive", "--list").stdout, "  2026-11-20T23:59:60Z app[web.1]: x [host shield] [priority 999]\n",
		"  - app[web.1]: ID47 y\n")
	wantIn(t, "stdout", s.must("redrive", "--list", "--output", "json").stdout,
		`"original_time": "2026-11-20T23:59:60Z"`, `"syslog_host": "shield"`, `"syslog_priority": "999"`)
}

// listedLines returns the messages of an app's dead letters, as redrive --list shows them.
func (s *system) listedLines(app string) []string {
	s.t.Helper()
	var printed struct {
		Data []struct {
			Lines []struct{ Source, Process, Message string }
		}
	}
	if err := json.Unmarshal([]byte(s.must("redrive", "--list", "-a", app, "--output", "json").stdout), &printed); err != nil {
		s.t.Fatal(err)
	}
	var lines []string
	for _, letter := range printed.Data {
		for _, l := range letter.Lines {
			lines = append(lines, fmt.Sprintf("%s[%s]: %s", l.Source, l.Process, l.Message))
		}
	}
	return lines
}

// redrive --list shows a dead letter as it is stored after a redrive.
func TestRedriveListShowsLinesAsTheyAreStored(t *testing.T) {
	s := newSystem(t)
	first, rest := strings.Repeat("0123456789", logplex.ChunkSize/10), "the rest"
	at := time.Now().Add(-time.Minute)
	line := func(process, text string) string {
		return string(logplex.AppendLine(nil, logplex.Line{
			Priority: logplex.PriorityDyno, Time: at, Source: []byte("app"), Process: []byte(process), Message: []byte(text),
		}))
	}
	tooLong := line(strings.Repeat("p", 257), "name")
	s.addDeadLetter("shop", line("web.1", first), line("worker.1", "between"), line("web.1", rest+"\n"), line("web.2", "bad \xff\xfe bytes"), tooLong)
	listed := s.listedLines("shop")
	want := []string{
		"app[web.1]: " + first + rest, "app[worker.1]: between", "app[web.2]: bad \ufffd bytes", "heroku-drains[malformed]: " + tooLong,
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	s.must("put", "-a", "shop")
	s.must("redrive")
	stored := s.storedLines("shop", len(want))
	for i := range listed {
		_, listed[i], _ = strings.Cut(listed[i], "]: ")
	}
	slices.Sort(stored) // by time: the malformed line's is the time at which it was received
	slices.Sort(listed)
	if diff := cmp.Diff(stored, listed); diff != "" {
		t.Errorf("listed, unlike what is stored (-stored +listed):\n%s", diff)
	}
}

func TestInterruptedRedriveSaysThatAWSContinues(t *testing.T) {
	s := newSystem(t)
	s.addDeadLetter("shop", webLine("one"))
	s.must("put", "-a", "shop")
	t.Cleanup(s.AWS.Inject(awslocal.Fault{Service: "sqs", Operation: "ListMessageMoveTasks", Skip: 1, Delay: time.Hour}))
	ctx, cancel := cancelOn(t, s, "ListMessageMoveTasks", 2)
	defer cancel()
	var stderr strings.Builder
	if code := mainThatWaits(ctx, s.local("redrive"), &stderr, nil); code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(), "AWS continues to move the dead letters (0 moved so far). Run the same command again to follow it.", "interrupted")
}
