package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// queueTags is a fake of SQS with two queues, of shop and blog, that have the same tags.
type queueTags struct {
	mu    sync.Mutex
	tags  map[string]string
	err   error
	asked int
}

func (q *queueTags) QueueURL(queue arn.ARN) string {
	return "https://sqs.us-east-1.amazonaws.com/" + queue.AccountID + "/" + queue.Resource
}

func (q *queueTags) ListQueueTags(_ context.Context, in *sqs.ListQueueTagsInput, _ ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked++
	if !strings.HasSuffix(*in.QueueUrl, "/APP_shop") && !strings.HasSuffix(*in.QueueUrl, "/APP_blog") {
		return nil, errors.New("no such queue")
	}
	return &sqs.ListQueueTagsOutput{Tags: q.tags}, q.err
}

// system is a handler and what it depends on.
type system struct {
	*storage.Handler
	logs    *cloudWatch
	queues  *queueTags
	log     *localtest.Buffer
	metrics *localtest.Buffer
	now     time.Time
	claims  storage.Claims // of all handlers of the test; nil: they recognize only what they have stored themselves
}

// newSystem returns one with drains for the apps shop and blog. Its time is noon.
func newSystem(t testing.TB, tags map[string]string) *system {
	t.Helper()
	s := &system{queues: &queueTags{tags: tags}, log: &localtest.Buffer{}, metrics: &localtest.Buffer{}, now: noon}
	s.logs = newCloudWatch(func() time.Time { return s.now })
	s.restart()
	return s
}

// restart is a cold start, which empties the function's memory.
func (s *system) restart() { s.restartOn(s.logs, week) }

func (s *system) restartOn(logs storage.Logs, retention time.Duration) {
	s.Handler = storage.New(storage.Config{
		Retention: retention, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"},
		Logs: logs, Queues: s.queues, Claims: s.claims, LastTry: 3,
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Metrics: metrics.NewWriter(s.metrics, storageFunction), Now: func() time.Time { return s.now },
	})
}

var (
	asJSON   = map[string]string{drain.TagFormat: drain.FormatJSON}
	stripped = map[string]string{drain.TagANSI: drain.ANSIStrip}
)

// handle stores messages and returns the ids of those that failed.
func (s *system) handle(t testing.TB, messages ...events.SQSMessage) []string {
	t.Helper()
	return s.handleBy(context.Background(), t, messages...)
}

func (s *system) handleBy(ctx context.Context, t testing.TB, messages ...events.SQSMessage) []string {
	t.Helper()
	event, err := json.Marshal(events.SQSEvent{Records: append([]events.SQSMessage{}, messages...)})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Invoke(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	var response events.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.log.String(), "encoding/json") {
		t.Error("the event was left to encoding/json")
	}
	s.checkSums(t)
	if response.BatchItemFailures == nil {
		t.Error("batchItemFailures is null, want a list")
	}
	var failed []string
	for _, f := range response.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

// summary returns the log line with the counts of the last invocation.
func (s *system) summary(t testing.TB) map[string]any {
	t.Helper()
	var last map[string]any
	for line := range strings.Lines(s.log.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		if record["msg"] == "batch done" {
			last = record
		}
	}
	return last
}

// checkSums checks that the last invocation says of each line what became of it.
func (s *system) checkSums(t testing.TB) {
	t.Helper()
	c := s.counts(t, "taken", "stored", "blank", "dropped", "rejected", "duplicates", "returned")
	if sum := c["stored"] + c["blank"] + c["dropped"] + c["rejected"] + c["duplicates"] + c["returned"]; sum != c["taken"] {
		t.Errorf("%d lines were taken, and the fates of %d are known: %v", c["taken"], sum, c)
	}
}

// counts returns some numbers of the summary, which leaves out those that are 0.
func (s *system) counts(t testing.TB, names ...string) map[string]int {
	t.Helper()
	summary, out := s.summary(t), make(map[string]int)
	for _, name := range names {
		n, _ := summary[name].(float64)
		out[name] = int(n)
	}
	return out
}

// request is one drain request as it arrives through the queue.
type request struct {
	app, token, frameID, messageID string
	received                       time.Time
}

// message returns the only message of a request with these frames.
func (r request) message(t testing.TB, frames ...string) events.SQSMessage {
	t.Helper()
	all := r.messages(t, frames...)
	if len(all) != 1 {
		t.Fatalf("the request takes %d messages", len(all))
	}
	return all[0]
}

func (r request) messages(t testing.TB, frames ...string) []events.SQSMessage {
	t.Helper()
	if r.app == "" {
		r.app = "shop"
	}
	if r.token == "" {
		r.token = "d.0a1b2c3d-0000-4000-8000-000000000001"
	}
	if r.received.IsZero() {
		r.received = noon
	}
	header := envelope.Header{App: r.app, DrainToken: r.token, FrameID: r.frameID, RequestID: "req", MsgCount: len(frames), ReceivedAt: r.received}
	sealed, err := envelope.Seal(header, strings.Join(frames, ""), false)
	if err != nil {
		t.Fatal(err)
	}
	var out []events.SQSMessage
	for i, body := range sealed {
		id := r.messageID
		if len(sealed) > 1 {
			id = fmt.Sprintf("%s-%d", r.messageID, i+1)
		}
		out = append(out, events.SQSMessage{MessageId: id, Body: body, EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop"})
	}
	return out
}

// post returns the message of a request with ids of its own.
func post(t testing.TB, id string, frames ...string) events.SQSMessage {
	t.Helper()
	return request{frameID: "FRAME-" + id, messageID: id}.message(t, frames...)
}

// dyno returns the frame of a line that a web dyno printed.
func dyno(when time.Time, text string) string {
	return logplextest.Frame(logplextest.Line(190, when, "app", "web.1", text) + "\n")
}

// overflow returns the frame of Logplex's report that lines were dropped.
func overflow(when time.Time, n int) string {
	return logplextest.Frame(string(logplex.AppendLine(nil, logplex.Overflow(when, n, when.Add(-time.Minute)))))
}
