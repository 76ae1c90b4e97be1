package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// compressed returns what zstd makes of parts of the same bytes, so that a bomb takes no memory here. Its window is that of the drains function,
// so that a decoder does not refuse the window instead of the size.
func compressed(t *testing.T, part []byte, times int) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithWindowSize(256<<10))
	localtest.Must(t, err)
	for range times {
		_, err := z.Write(part)
		localtest.Must(t, err)
	}
	localtest.Must(t, z.Close())
	return out.Bytes()
}

// poison returns messages that nobody can store, by what is wrong with them.
func poison(t *testing.T) map[string]string {
	t.Helper()
	good := sealed(t, "shop", "never stored")
	with := func(old, instead string) string {
		t.Helper()
		if strings.Count(good, old) != 1 {
			t.Fatalf("%s is not in the message once: %s", old, good)
		}
		return strings.Replace(good, old, instead, 1)
	}
	packed := func(body []byte) string {
		cut := strings.Index(good, `"encoding"`)
		return good[:cut] + `"encoding":"zstd+base64","body":"` + base64.StdEncoding.EncodeToString(body) + `"}`
	}
	zeros := make([]byte, 1<<20)
	whole := compressed(t, []byte(good), 100)
	return map[string]string{
		"not JSON":                    "hello",
		"one byte":                    "x",
		"JSON null":                   "null",
		"an empty object":             "{}",
		"another object":              `{"Records":[{"body":"x"}]}`,
		"a list":                      "[" + good + "]",
		"two messages":                good + good,
		"deep JSON":                   strings.Repeat("[", 500_000),
		"deep JSON in a field":        with(`"version":1`, `"version":1,"x":`+strings.Repeat(`{"a":`, 100_000)),
		"cut off":                     good[:len(good)/2],
		"a future version":            with(`"version":1`, `"version":2`),
		"a version that is no number": with(`"version":1`, `"version":"1"`),
		"another app":                 sealed(t, "blog", "never stored"),
		"an app that cannot be":       with(`"app":"shop"`, `"app":"../shop"`),
		"no app":                      with(`"app":"shop"`, `"app":null`),
		"part 0":                      with(`"part":1`, `"part":0`),
		"part 2 of 1":                 with(`"part":1`, `"part":2`),
		"part -1 of -1":               strings.Replace(with(`"part":1`, `"part":-1`), `"parts":1`, `"parts":-1`, 1),
		"a part that is too large":    with(`"part":1`, `"part":1e99`),
		"no base64":                   with(`"body":"`, `"body":"!`),
		"cut base64":                  with(`"}`, `A"}`),
		"base64 of URLs":              with(`"body":"`, `"body":"-_-_`),
		"an unknown encoding":         with(`"encoding":"base64"`, `"encoding":"br+base64"`),
		"no encoding":                 with(`"encoding":"base64"`, `"encoding":""`),
		"not zstd":                    packed([]byte("hello")),
		"cut zstd":                    packed(whole[:len(whole)-3]),
		"a bomb of 1 GiB":             packed(compressed(t, zeros, 1024)),
		"a bomb of many frames":       packed(bytes.Repeat(compressed(t, zeros[:1<<19], 1), 1000)),
		"one byte too many":           packed(compressed(t, make([]byte, 1<<20+1), 1)),
		"a window of 2 GiB":           packed([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00}),
	}
}

// sealed returns a message as the drains function sends it, with one line.
func sealed(t *testing.T, app, text string) string {
	t.Helper()
	messages, err := envelope.Seal(envelope.Header{App: app, RequestID: text, MsgCount: 1, ReceivedAt: time.Now()}, string(body(text)), false)
	localtest.Must(t, err)
	return messages[0]
}

// send sends a message to an app's queue, past the drains function.
func (s *system) send(app, message string) {
	s.t.Helper()
	url := s.AWS.AWSURL() + "/000000000000/" + stack.DefaultQueuePrefix + app
	_, err := s.sqs.SendMessage(s.t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &message})
	localtest.Must(s.t, err)
}

// deadLetters returns how many messages are in the dead-letter queue.
func (s *system) deadLetters() string {
	s.t.Helper()
	url := s.AWS.AWSURL() + "/000000000000/" + stack.LocalDeadLetterQueue
	out, err := s.sqs.GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages},
	})
	localtest.Must(s.t, err)
	return out.Attributes[string(types.QueueAttributeNameApproximateNumberOfMessages)]
}

// buried checks that n messages are dead letters when those of apps are done. Each waits for its visibility timeout after each receive.
func (s *system) buried(n int, apps ...string) {
	s.t.Helper()
	s.drained(apps...)
	if got := s.deadLetters(); got != fmt.Sprint(n) {
		s.t.Fatalf("%s messages are dead letters, want %d", got, n)
	}
}

// cli runs a command line of the CLI, which must succeed, and returns what it writes to stdout and stderr.
func (s *system) cli(args ...string) (stdout, stderr string) {
	s.t.Helper()
	var out, notes bytes.Buffer
	args = append([]string{"heroku-drains-cli", "--local", "--local-api-url", s.AWS.APIURL(), "--local-aws-url", s.AWS.AWSURL()}, args...)
	if code := cli.Main(s.t.Context(), args, strings.NewReader(""), &out, &notes); code != 0 {
		s.t.Fatalf("%q: exit code %d: %s%s", args, code, &out, &notes)
	}
	return out.String(), notes.String()
}

// letter is a line of the file of redrive --save.
type letter struct {
	App, Message, Error string
	MessageID           string `json:"message_id"`
	Receives            int
}

func (s *system) savedLetters() []letter {
	s.t.Helper()
	out, _ := s.cli("redrive", "--save", "-")
	var all []letter
	for line := range strings.Lines(out) {
		var l letter
		localtest.Must(s.t, json.Unmarshal([]byte(line), &l))
		all = append(all, l)
	}
	return all
}

// TestPoison sends messages that cannot be stored between good ones. The good ones are stored as if the others were not there, and the others
// become dead letters after maxReceiveCount receives, which can be listed, saved, redriven and discarded.
func TestPoison(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS
	s := startWith(t, local.Options{Binaries: binaries})
	s.put("shop", drain.Patch{})
	s.put("cursed", drain.Patch{})
	blog := s.put("blog", drain.Patch{})
	messages := poison(t)

	// CloudWatch Logs refuses all that the app cursed writes, also escaped.
	lift := s.AWS.Inject(awslocal.Fault{
		Service: "logs", Operation: "PutLogEvents", Resource: "*cursed", Status: http.StatusBadRequest,
		Code: "InvalidParameterException", Message: "no",
	})
	var want []string
	for i, name := range slices.Sorted(maps.Keys(messages)) {
		good := fmt.Sprint("good ", i)
		s.send("shop", messages[name])
		s.send("shop", sealed(t, "shop", good))
		want = append(want, "app[web.1]: "+good)
	}
	s.send("cursed", sealed(t, "cursed", "refused"))
	if status, _ := s.post(blog.DrainURL, body("of the neighbour")); status != http.StatusOK {
		t.Errorf("POST: %d", status)
	}

	localtest.Eventually(t, "the good lines are stored", func() bool { return len(localtest.StoredLines(t, s.AWS, "shop")) >= len(want) })
	localtest.Eventually(t, "the neighbour's line is stored", func() bool { return len(localtest.StoredLines(t, s.AWS, "blog")) == 1 })
	s.buried(len(messages)+1, "shop", "cursed", "blog")
	got := localtest.Texts(localtest.StoredLines(t, s.AWS, "shop"))
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}

	// Each is readable.
	text, _ := s.cli("redrive", "--list", "--limit", "1000")
	letters := s.savedLetters()
	if len(letters) != len(messages)+1 {
		t.Fatalf("%d letters are saved, want %d", len(letters), len(messages)+1)
	}
	kinds := map[string]string{}
	for name, message := range messages {
		kinds[message] = name
	}
	for _, l := range letters {
		name := kinds[l.Message]
		if !strings.Contains(text, l.MessageID) {
			t.Errorf("%s: redrive --list does not have %s", name, l.MessageID)
		}
		if l.Receives > stack.DefaultMaxReceiveCount+2 { // the list and the file are receives, too
			t.Errorf("%s: received %d times", name, l.Receives)
		}
		if l.App != "cursed" && (name == "" || l.App != "shop" || l.Error == "") {
			t.Errorf("%q: the letter is of %q, error %q", name, l.App, l.Error)
		}
	}

	// A redrive tries them again. What can be stored by now is stored, and the others come back.
	lift()
	s.cli("redrive")
	localtest.Eventually(t, "the refused line is stored", func() bool { return len(localtest.StoredLines(t, s.AWS, "cursed")) == 1 })
	s.buried(len(messages), "shop", "cursed")
	file := filepath.Join(t.TempDir(), "letters.jsonl")
	s.cli("--yes", "redrive", "--discard", "unreadable", "--save", file)
	if n := s.deadLetters(); n != "0" {
		t.Errorf("%s letters are left", n)
	}
	if got := localtest.Texts(localtest.StoredLines(t, s.AWS, "blog")); len(got) != 1 {
		t.Errorf("the neighbour has %q", got)
	}
}
