package storage_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/storage"
)

// noReports accepts every report.
type noReports struct{ sent int }

func (n *noReports) SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	n.sent++
	return &sqs.SendMessageOutput{}, nil
}

// tenRegexps are patterns such as teams write: half with a fixed text, half without.
func tenRegexps() alert.Config {
	rules := map[string]alert.Change{}
	for i, pattern := range []string{
		`payment (failed|declined)`, `circuit breaker .* open`, `Checkout::Error`, `rate limit exceeded for \w+`, `subscription \d+ expired`,
		`took \d{5,} ms`, `(?i)\bfailed\b`, `\b5\d\d\b`, `user_id=\d+ .*denied`, `^\[(ERROR|FATAL)\]`,
	} {
		rules[fmt.Sprintf("own-%d", i)] = alert.Change{Pattern: &pattern}
	}
	return alert.Config{alert.Regexps: rules}
}

// BenchmarkMatching compares storing a batch of an app's lines without alerts, with the default rules, and with ten regexps in addition. It takes
// turns, and reports the fastest of each, which what else the machine does affects least: ns/line, and what matching adds in percent.
func BenchmarkMatching(b *testing.B) {
	own, err := alert.Compile(tenRegexps())
	if err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string]func(int) string{"mixed": mixed, "app": small} {
		b.Run(name, func(b *testing.B) {
			batch, lines := batchOf(b, body)
			sets := []*alert.Set{nil, alert.Defaults(), own}
			best := make([]float64, len(sets))
			for b.Loop() {
				for i, set := range sets {
					took := float64(storeOnce(b, batch, set).Nanoseconds()) / float64(lines)
					if best[i] == 0 || took < best[i] {
						best[i] = took
					}
				}
			}
			b.ReportMetric(best[0], "ns/line-without")
			b.ReportMetric(best[1]-best[0], "ns/line-defaults")
			b.ReportMetric(best[2]-best[1], "ns/line-ten-regexps")
			b.ReportMetric(100*(best[1]/best[0]-1), "%-defaults")
			b.ReportMetric(100*(best[2]/best[0]-1), "%-with-ten-regexps")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// storeOnce stores a batch with a new handler, and returns how long that took.
func storeOnce(b *testing.B, batch []events.SQSMessage, rules *alert.Set) time.Duration {
	logs := &heapLogs{}
	var alerts storage.Alerts
	if rules != nil {
		alerts = storage.Alerts{Matcher: func(app string) storage.Matcher { return rules.Matcher(app) }, Queue: &noReports{}}
	}
	h := storage.New(storage.Config{
		Retention: week, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"},
		Logs: logs, Queues: &queueTags{}, Alerts: alerts,
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
	})
	runtime.GC()
	start := time.Now()
	response, err := h.Handle(context.Background(), events.SQSEvent{Records: batch})
	took := time.Since(start)
	if err != nil || len(response.BatchItemFailures) > 0 {
		b.Fatal(err, response)
	}
	return took
}
