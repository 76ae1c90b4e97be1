package storage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/local/localtest"
)

// alertsQueue is a fake of the alerts queue.
type alertsQueue struct {
	mu      sync.Mutex
	reports []alert.Report
	err     error
	hang    bool // until the context ends
	calls   int
	before  func() // each call
}

const alertsURL = "https://sqs.us-east-1.amazonaws.com/000000000000/alerts"

func (q *alertsQueue) SendMessage(ctx context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls++
	if q.before != nil {
		q.before()
	}
	if q.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if q.err != nil {
		return nil, q.err
	}
	var m alert.Message
	if err := json.Unmarshal([]byte(*in.MessageBody), &m); err != nil || m.Report == nil || *in.QueueUrl != alertsURL {
		return nil, fmt.Errorf("not a report for the alerts queue: %v", err)
	}
	q.reports = append(q.reports, *m.Report)
	return &sqs.SendMessageOutput{}, nil
}

// alerting gives the system a handler that matches lines against the rules of a config in JSON.
func (s *system) alerting(t *testing.T, config string) *alertsQueue {
	t.Helper()
	c, err := alert.ReadConfig([]byte(config))
	localtest.Must(t, err)
	set, err := alert.Compile(c)
	localtest.Must(t, err)
	return s.matching(func(app string) storage.Matcher { return set.Matcher(app) })
}

func (s *system) matching(matcher func(app string) storage.Matcher) *alertsQueue {
	q := &alertsQueue{}
	s.Handler = storage.New(storage.Config{
		Retention: week, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"}, Logs: s.logs, Queues: s.queues,
		Alerts: storage.Alerts{Matcher: matcher, QueueURL: alertsURL, Queue: q},
		Log:    slog.New(slog.NewJSONHandler(s.log, nil)), Metrics: metrics.NewWriter(s.metrics, storageFunction), Now: func() time.Time { return s.now },
	})
	return q
}

// hits returns the number of lines by rule, and the IDs, of reports.
func hits(reports []alert.Report) (lines map[string]int, ids map[string]bool) {
	lines, ids = map[string]int{}, map[string]bool{}
	for _, r := range reports {
		for _, hit := range r.Hits {
			ids[hit.ID] = true
			for _, c := range hit.Counts {
				lines[hit.Rule] += c.Lines
			}
		}
	}
	return lines, ids
}

const (
	h12 = `at=error code=H12 desc="Request timeout" method=GET path="/" host=x dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`
	r15 = "Error R15 (Memory quota vastly exceeded)"
)
