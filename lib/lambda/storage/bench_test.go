package storage_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// payload is the largest batch that Lambda delivers, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
const payload = 6_000_000

// batchOf fills a payload with requests.
func batchOf(b *testing.B, body func(request int) string) (batch []events.SQSMessage, lines int) {
	b.Helper()
	for size, n := 0, 0; ; n++ {
		text := body(n)
		header := envelope.Header{App: "shop", DrainToken: "d.0a1b2c3d-0000-4000-8000-000000000001", FrameID: fmt.Sprintf("%032X", n), MsgCount: -1, ReceivedAt: noon}
		sealed, err := envelope.Seal(header, text, false)
		if err != nil {
			b.Fatal(err)
		}
		for i, m := range sealed {
			if size += len(m); size > payload {
				return batch, lines
			}
			batch = append(batch, events.SQSMessage{MessageId: fmt.Sprint(n, i), Body: m, EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop"})
		}
		lines += strings.Count(text, " host ")
	}
}

// small returns a request such as Logplex sends for a busy app: about 40 KB of different lines, too few for compression.
func small(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	var b strings.Builder
	for i := range 200 {
		b.WriteString(dyno(at(time.Duration(n)*time.Second+time.Duration(i)*time.Millisecond),
			fmt.Sprintf("request %x took %d ms and found %d rows, of which %x and %x were new", r.Uint64(), r.IntN(1000), i, r.Uint64(), r.Uint64())))
	}
	return b.String()
}

// repetitive returns a request of the largest size that fits into one message. It compresses about twentyfold: a payload holds over 80 MB
// of lines.
func repetitive(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < envelope.MaxPart-200; i++ {
		b.WriteString(dyno(at(time.Duration(i)*time.Microsecond), fmt.Sprintf("GET /orders/%d status=200 service=%dms view=index template=orders/index.html layout=application", n*i%999, i%97)))
	}
	return b.String()
}

// mixed returns the lines of an app: its own, the router's, and metrics.
func mixed(n int) string {
	var b strings.Builder
	for i := range 60 {
		when := at(time.Duration(n)*time.Second + time.Duration(i)*time.Millisecond)
		b.WriteString(dyno(when, fmt.Sprintf("Completed request %d of %d in 12 ms", i, n)))
		b.WriteString(dyno(when, fmt.Sprintf(`{"level":"info","msg":"order paid","order":%d,"amount":12.5,"user":{"id":%d}}`, i, n)))
		b.WriteString(logplextest.Frame(logplextest.Line(158, when, "heroku", "router", fmt.Sprintf(`at=info method=GET path="/orders/%d" host=shop.herokuapp.com `+
			`request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=1234 protocol=https`, i)) + "\n"))
	}
	b.WriteString(logplextest.Frame(logplextest.Line(45, at(time.Duration(n)*time.Second), "heroku", "web.1", "source=web.1 dyno=heroku.2808254.d97d0ea7-cf3d-411b-b453-d2943a50b456 "+
		"sample#memory_total=21.22MB sample#memory_rss=21.22MB sample#memory_cache=0.00MB sample#memory_swap=0.00MB sample#memory_pgpgin=348836pages") + "\n"))
	return b.String()
}

// heapLogs accepts every put, and measures the heap during it.
type heapLogs struct {
	peak uint64
	puts int
}

func (h *heapLogs) PutLogEvents(_ context.Context, _ *cloudwatchlogs.PutLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.peak = max(h.peak, m.HeapAlloc)
	h.puts++
	return &cloudwatchlogs.PutLogEventsOutput{}, nil
}

func (h *heapLogs) CreateLogStream(context.Context, *cloudwatchlogs.CreateLogStreamInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

// report reports the peak of the heap, including the batch and garbage, and the time per line.
func (h *heapLogs) report(b *testing.B, lines int) {
	b.ReportMetric(float64(h.peak)/(1<<20), "peak-MiB")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(lines), "ns/line")
	b.ReportMetric(float64(h.puts)/float64(b.N), "puts")
}

func benchmarkHandle(b *testing.B, tags map[string]string, body func(int) string) {
	batch, lines := batchOf(b, body)
	logs := &heapLogs{}
	runtime.GC()
	b.ReportAllocs()
	for b.Loop() {
		h := storage.New(storage.Config{
			Retention: week, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"},
			Logs: logs, Queues: &queueTags{tags: tags},
			Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
		})
		response, err := h.Handle(context.Background(), events.SQSEvent{Records: batch})
		if err != nil || len(response.BatchItemFailures) > 0 {
			b.Fatal(err, response)
		}
	}
	logs.report(b, lines)
}

// benchmarkAllAtOnce measures the simple way, for comparison: open everything, sort it, put it.
func benchmarkAllAtOnce(b *testing.B, body func(int) string) {
	batch, lines := batchOf(b, body)
	logs := &heapLogs{}
	runtime.GC()
	b.ReportAllocs()
	for b.Loop() {
		var all []types.InputLogEvent
		for _, m := range batch {
			env, err := envelope.Open(m.Body)
			if err != nil {
				b.Fatal(err)
			}
			for f := range logplex.Frames(env.Body) {
				l, _ := logplex.ParseLine(f.Message)
				all = append(all, types.InputLogEvent{
					Message:   aws.String(fmt.Sprintf("%s[%s]: %s", l.Source, l.Process, l.Message)),
					Timestamp: aws.Int64(l.Time.UnixMilli()),
				})
			}
		}
		slices.SortStableFunc(all, func(x, y types.InputLogEvent) int { return int(*x.Timestamp - *y.Timestamp) })
		for len(all) > 0 {
			n, size := 0, 0
			for n < len(all) && n < 10_000 && size+len(*all[n].Message)+26 <= 1_048_576 {
				size += len(*all[n].Message) + 26
				n++
			}
			if _, err := logs.PutLogEvents(context.Background(), &cloudwatchlogs.PutLogEventsInput{LogEvents: all[:n]}); err != nil {
				b.Fatal(err)
			}
			all = all[n:]
		}
	}
	logs.report(b, lines)
}

func BenchmarkPlain(b *testing.B)               { benchmarkHandle(b, nil, small) }
func BenchmarkPlainAllAtOnce(b *testing.B)      { benchmarkAllAtOnce(b, small) }
func BenchmarkCompressed(b *testing.B)          { benchmarkHandle(b, nil, repetitive) }
func BenchmarkCompressedAllAtOnce(b *testing.B) { benchmarkAllAtOnce(b, repetitive) }
func BenchmarkText(b *testing.B)                { benchmarkHandle(b, nil, mixed) }
func BenchmarkJSON(b *testing.B)                { benchmarkHandle(b, asJSON, mixed) }
