package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// addUnreadable sends something that is not an envelope to the dead-letter queue, and returns its message ID.
func (s *system) addUnreadable(message string) string {
	s.t.Helper()
	url := s.AWS.AWSURL() + "/000000000000/" + stack.LocalDeadLetterQueue
	out, err := sqs.NewFromConfig(s.AWS.Config()).SendMessage(s.t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &message})
	localtest.Must(s.t, err)
	return *out.MessageId
}

// letterLine is a line of the file of --save.
type letterLine struct {
	App, Error, Message string
	MessageID           string `json:"message_id"`
	Lines               []struct{ Message string }
}

func savedLetters(t *testing.T, text []byte) []letterLine {
	t.Helper()
	var letters []letterLine
	for line := range bytes.Lines(text) {
		var l letterLine
		localtest.Must(t, json.Unmarshal(line, &l))
		letters = append(letters, l)
	}
	return letters
}

func TestAnUnreadableLetterCanBeListedSavedAndDiscarded(t *testing.T) {
	s := newSystem(t)
	t.Chdir(t.TempDir())
	s.addDeadLetter("shop", webLine("one"))
	id := s.addUnreadable("not an envelope, " + strings.Repeat("x", 300))

	listed := s.must("redrive", "--list")
	wantIn(t, "stdout", listed.stdout, "unknown app: queued ", ", ID "+id+", cannot be opened: open envelope of 317 bytes: invalid JSON", "\n  not an envelope, xxx", "x…\n")
	hint := "`heroku-drains-cli " + strings.Join(s.local(), " ") + " redrive --discard unreadable --save unreadable.jsonl`"
	wantIn(t, "stderr", listed.stderr, "1 dead letter cannot be opened, and so never be stored. To save and discard what cannot be opened: "+hint)
	s.must("put", "-a", "shop")
	got := command(t, nil, s.local("redrive")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "1 dead letter cannot be moved: the app is unknown (to save and discard what cannot be opened: "+hint+")")

	got = command(t, nil, s.local("redrive", "--discard", id)...)
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "This will\n  discard unknown app: queued ", ", ID "+id+"\n  lose what is in it (--save FILE keeps a copy)\n", "confirm")
	wantIn(t, "stdout", s.must("redrive", "--list").stdout, id)

	got = s.must("--yes", "redrive", "--discard", "unreadable", "--save", "unreadable.jsonl")
	wantIn(t, "stdout", got.stdout, "Discarded  1\n")
	wantIn(t, "stderr", got.stderr, "Saved 1 dead letter to unreadable.jsonl.\n")
	text, err := os.ReadFile("unreadable.jsonl")
	localtest.Must(t, err)
	letters := savedLetters(t, text)
	if len(letters) != 1 || letters[0].MessageID != id || !strings.HasPrefix(letters[0].Message, "not an envelope, ") || letters[0].Error == "" {
		t.Errorf("saved %+v", letters)
	}
	if info, err := os.Stat("unreadable.jsonl"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	wantIn(t, "stderr", s.must("redrive", "--list").stderr, "There are no dead letters.")
}

func TestDiscardKeepsTheOtherLetters(t *testing.T) {
	s := newSystem(t)
	for _, app := range []string{"blog", "docs", "shop"} {
		s.addDeadLetter(app, webLine("line of "+app))
	}
	ids := map[string]string{}
	for _, l := range savedLetters(t, []byte(s.must("redrive", "--save", "-").stdout)) {
		ids[l.App] = l.MessageID
		if diff := cmp.Diff([]struct{ Message string }{{"line of " + l.App}}, l.Lines); diff != "" {
			t.Errorf("lines of %s (-want +got):\n%s", l.App, diff)
		}
	}
	if len(ids) != 3 {
		t.Fatalf("saved the letters of %v", ids)
	}
	got := command(t, nil, s.local("--yes", "redrive", "--discard", ids["docs"], "-a", "shop")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "there is no dead letter of shop with the ID "+ids["docs"]+"; nothing was discarded")
	got = s.must("--yes", "--output", "json", "redrive", "--discard", ids["docs"])
	wantIn(t, "stdout", got.stdout, `"discarded": [`, ids["docs"])
	if left := s.must("redrive", "--list").stdout; strings.Contains(left, "docs") || !strings.Contains(left, "blog") || !strings.Contains(left, "shop") {
		t.Errorf("left, and visible at once:\n%s", left)
	}
	if one := savedLetters(t, []byte(s.must("redrive", "--save", "-", "-a", "shop").stdout)); len(one) != 1 || one[0].App != "shop" {
		t.Errorf("of shop: %+v", one)
	}
}

// A letter whose copy cannot be written is not discarded.
func TestDiscardKeepsWhatItCannotSave(t *testing.T) {
	s := newSystem(t)
	t.Chdir(t.TempDir())
	id := s.addUnreadable("x")
	got := command(t, nil, s.local("--yes", "redrive", "--discard", id, "--save", "no/such/folder")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "save the dead letters: open no/such/folder")
	remove := s.AWS.Inject(awslocal.Fault{Service: "sqs", Operation: "DeleteMessage", Status: 403, Code: "AccessDenied", Message: "no"})
	got = command(t, nil, s.local("--yes", "redrive", "--discard", id, "--save", "copy.jsonl")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "discard the dead letter "+id)
	if text, err := os.ReadFile("copy.jsonl"); err != nil || len(savedLetters(t, text)) != 1 { // SQS may have deleted it in spite of the error
		t.Errorf("copy %q, error %v", text, err)
	}
	remove()
	wantIn(t, "stdout", s.must("redrive", "--list").stdout, id)
}
