package storage_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// newDurable returns a system with a table of claims, and the AWS that has it. Its restart is another instance of the function.
func newDurable(t testing.TB, tags map[string]string) (*system, *awslocal.Server) {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	db := dynamodb.NewFromConfig(server.Config())
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("dedup"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String(stack.DedupKey), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String(stack.DedupKey), KeyType: types.KeyTypeHash}},
	})
	localtest.Must(t, err)
	s := newSystem(t, tags)
	s.claims = claims.New(claims.Config{
		DB: itemcall.New(server.Config()), Name: "dedup", Now: func() time.Time { return s.now }, Wait: localtest.AdvanceInsteadOfWaiting(server), LastTry: 3,
	})
	s.restart()
	return s, server
}

// delivered returns a message as SQS delivers it for the n-th time.
func delivered(m events.SQSMessage, n int) events.SQSMessage {
	m.Attributes = map[string]string{"ApproximateReceiveCount": fmt.Sprint(n)}
	return m
}

// Copies that reach another instance are recognized, as they are in a warm one.
func TestDurableRedelivery(t *testing.T) {
	t.Parallel()
	body := []string{dyno(noon, "a"), dyno(noon, "b")}
	first := request{frameID: "F", messageID: "1"}.message(t, body...)
	const report = "heroku[logplex]: Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:59:00+00:00."
	for _, test := range []struct {
		name string
		then events.SQSMessage
		more []string // stored by the other instance
	}{
		{"redelivered by SQS", delivered(first, 2), nil},
		{"resent by Logplex", request{frameID: "F", messageID: "2", received: at(time.Second)}.message(t, body...), nil},
		{"resent by Logplex with an L10", request{frameID: "F", messageID: "2"}.message(t, append([]string{overflow(noon, 3)}, body...)...), []string{report}},
		{"another frame", request{frameID: "G", messageID: "2"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
		{"the same frame id from another drain", request{frameID: "F", messageID: "2", token: "d.other"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
		{"the same frame id with other lines", request{frameID: "F", messageID: "2"}.message(t, dyno(noon, "a"), dyno(noon, "c")), []string{prefix + "a", prefix + "c"}},
		{"no frame id, another message", request{messageID: "2"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, _ := newDurable(t, nil)
			quantity(t, "failed messages", len(s.handle(t, first)), 0)
			for range 2 {
				s.restart()
				quantity(t, "failed messages", len(s.handle(t, test.then)), 0)
			}
			want, got := append([]string{prefix + "a", prefix + "b"}, test.more...), s.logs.texts()
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if left := s.entries(t).Unaccounted(); left != 0 {
				t.Errorf("%d lines are unaccounted for", left)
			}
		})
	}
}

// A message whose put failed, or whose instance was killed before it, comes again and is stored, although it is claimed. A copy of it that Logplex
// sent waits until the claim has ended.
func TestDurableFailure(t *testing.T) {
	t.Parallel()
	s, _ := newDurable(t, nil)
	first := request{frameID: "F", messageID: "1"}.message(t, dyno(noon, "a"))
	again := request{frameID: "F", messageID: "2"}.message(t, dyno(noon, "a"))
	s.logs.before = throttle(1)
	quantity(t, "failed messages", len(s.handle(t, delivered(first, 1))), 1)
	s.restart()
	if diff := cmp.Diff([]string{"2"}, s.handle(t, delivered(again, 1))); diff != "" {
		t.Errorf("a copy while the message is claimed (-want +got):\n%s", diff)
	}
	quantity(t, "puts", s.logs.calls, 1)
	s.now = at(stack.QueueVisibilityTimeout)
	s.restart()
	if diff := cmp.Diff([]string(nil), s.handle(t, delivered(again, 2))); diff != "" {
		t.Errorf("a copy after the claim (-want +got):\n%s", diff)
	}
	s.restart()
	quantity(t, "failed messages", len(s.handle(t, delivered(first, 2))), 0)
	quantity(t, "events", len(s.logs.texts()), 1)
	if s.log.String() == "" || strings.Contains(s.log.String(), "FRAME") {
		t.Errorf("log %s", s.log)
	}
}

// The one window: lines are stored, and the instance dies before they are marked. They are stored again, with the same IDs.
func TestDurableWindow(t *testing.T) {
	t.Parallel()
	s, server := newDurable(t, asJSON)
	m := post(t, "1", dyno(noon, "a"))
	remove := server.Inject(awslocal.Fault{Service: "dynamodb", Skip: 1, Status: 400, Code: "ResourceNotFoundException", Message: "gone"})
	quantity(t, "failed messages", len(s.handle(t, delivered(m, 1))), 0)
	remove()
	if diff := cmp.Diff(map[string]int{"unmarked": 1, "stored": 1}, s.counts(t, "unmarked", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	s.restart()
	quantity(t, "failed messages", len(s.handle(t, delivered(m, 2))), 0)
	quantity(t, "events", len(s.logs.texts()), 2)
	quantity(t, "IDs", len(s.ids(t)), 1)
}

// If DynamoDB does not answer, messages come again, and are stored at the third delivery in any case.
func TestDurableWithoutDynamoDB(t *testing.T) {
	t.Parallel()
	s, server := newDurable(t, nil)
	server.Inject(awslocal.Fault{Service: "dynamodb", Status: 400, Code: "AccessDeniedException", Message: "no"})
	messages := []events.SQSMessage{post(t, "1", dyno(noon, "a")), post(t, "2", dyno(noon, "b"))}
	for n := range 2 {
		quantity(t, "failed messages", len(s.handle(t, delivered(messages[0], n+1), delivered(messages[1], n+1))), 2)
		s.restart()
	}
	if diff := cmp.Diff([]string{"2"}, s.handle(t, delivered(messages[0], 3), delivered(messages[1], 2))); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"unclaimed": 1, "stored": 1}, s.counts(t, "unclaimed", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{prefix + "a"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	quantity(t, "warnings", strings.Count(s.log.String(), "cannot be claimed"), 3)
}

// Of a message that takes several puts, another instance stores only what is missing.
func TestDurableLargeMessage(t *testing.T) {
	t.Parallel()
	s, _ := newDurable(t, nil)
	var frames []string
	for i := range 40 {
		frames = append(frames, dyno(at(-time.Duration(i%4)*30*time.Hour), fmt.Sprint(i))) // a put has the lines of a day
	}
	m := post(t, "1", frames...)
	s.logs.before = throttle(2, 3)
	quantity(t, "failed messages", len(s.handle(t, delivered(m, 1))), 1)
	stored := len(s.logs.texts())
	if stored == 0 || stored == 40 {
		t.Fatalf("%d events are stored", stored)
	}
	s.restart()
	quantity(t, "failed messages", len(s.handle(t, delivered(m, 2))), 0)
	quantity(t, "events", len(s.logs.texts()), 40)
}

// Whatever puts fail, and however often copies reach whichever instance: each line is stored exactly once.
func TestDurableRandomDeliveries(t *testing.T) {
	t.Parallel()
	s, _ := newDurable(t, nil)
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 9))
		s.logs.before = func(int, *cloudwatchlogs.PutLogEventsInput) error {
			if r.IntN(3) == 0 {
				return throttle(1)(1, nil)
			}
			return nil
		}
		lines := 0
		waiting := map[string]events.SQSMessage{}
		deliveries := map[string]int{}
		for i := range 12 {
			var frames []string
			for range 1 + r.IntN(4) {
				frames = append(frames, dyno(at(-time.Duration(r.IntN(3)*26)*time.Hour), fmt.Sprint(seed, ".", lines)))
				lines++
			}
			for copy := range 1 + r.IntN(3) {
				body := frames
				if copy == 2 {
					body = append([]string{overflow(noon, int(seed)*100+i)}, frames...)
					lines++
				}
				id := fmt.Sprint(seed, "-", i, "-", copy)
				waiting[id] = request{frameID: fmt.Sprint("F", seed, i), messageID: id}.message(t, body...)
			}
		}
		already := len(s.logs.texts())
		for rounds := 0; len(waiting) > 0; rounds++ {
			if rounds > 50 {
				t.Fatalf("seed %d: %d messages are never stored", seed, len(waiting))
			}
			if r.IntN(2) == 0 {
				s.restart()
			}
			var batch []events.SQSMessage
			for id, m := range waiting {
				if r.IntN(3) > 0 {
					deliveries[id]++
					batch = append(batch, delivered(m, min(2, deliveries[id])))
				}
			}
			failed := s.handle(t, batch...)
			for _, m := range batch {
				if !slices.Contains(failed, m.MessageId) {
					delete(waiting, m.MessageId)
				}
			}
			s.now = s.now.Add(stack.QueueVisibilityTimeout / 10) // some claims have ended, and others have not
		}
		if stored := len(s.logs.texts()) - already; stored != lines {
			t.Errorf("seed %d: %d events of %d lines", seed, stored, lines)
		}
	}
	if left := s.entries(t).Unaccounted(); left != 0 {
		t.Errorf("%d lines are unaccounted for", left)
	}
}

// BenchmarkClaims compares storing a batch of the default size with and without claims, with the embedded DynamoDB over HTTP. The window is the time
// from the end of the put until all of its messages are marked: when the function is killed in it, the lines are stored again.
func BenchmarkClaims(b *testing.B) {
	s, _ := newDurable(b, nil)
	for _, with := range []struct {
		name   string
		claims storage.Claims
	}{{"warm", nil}, {"durable", s.claims}} {
		b.Run(with.name, func(b *testing.B) {
			logs := &lastPut{}
			h := storage.New(storage.Config{
				Retention: week, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"}, Logs: logs, Queues: &queueTags{},
				Claims: with.claims, LastTry: 3, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
			})
			body := small(1)
			var took, window time.Duration
			n := 0
			for b.Loop() {
				var batch []events.SQSMessage
				for range drain.DefaultBatchSize {
					n++
					batch = append(batch, request{frameID: fmt.Sprint("F", n), messageID: fmt.Sprint(n)}.message(b, body))
				}
				began := time.Now()
				response, err := h.Handle(b.Context(), events.SQSEvent{Records: batch})
				took += time.Since(began)
				window += time.Since(logs.at)
				if err != nil || len(response.BatchItemFailures) > 0 {
					b.Fatal(err, response)
				}
			}
			b.ReportMetric(float64(took.Microseconds())/float64(n), "us/message")
			b.ReportMetric(float64(window.Microseconds())/float64(b.N), "us-window/batch")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lastPut accepts every put, and remembers when the last one ended.
type lastPut struct {
	heapLogs
	at time.Time
}

func (l *lastPut) PutLogEvents(context.Context, *cloudwatchlogs.PutLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	l.at = time.Now()
	return &cloudwatchlogs.PutLogEventsOutput{}, nil
}
