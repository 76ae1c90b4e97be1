package storage_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

const storageFunction = "heroku-drains-storage"

// measured returns the metrics that each invocation wrote.
func (s *system) measured(t *testing.T) []map[string]int {
	t.Helper()
	all := []map[string]int{}
	for text := range strings.Lines(s.metrics.String()) {
		var line map[string]any
		localtest.Must(t, json.Unmarshal([]byte(text), &line))
		if line[stack.MetricDimension] != storageFunction {
			t.Errorf("metrics of %v", line[stack.MetricDimension])
		}
		values := map[string]int{}
		for name, value := range line {
			if n, ok := value.(float64); ok {
				values[name] = int(n)
			}
		}
		all = append(all, values)
	}
	return all
}

// batches returns the metrics that metric filters make of the log of each invocation.
func (s *system) batches(t *testing.T) []map[string]int {
	t.Helper()
	all := []map[string]int{}
	for text := range strings.Lines(s.log.String()) {
		var line map[string]any
		localtest.Must(t, json.Unmarshal([]byte(text), &line))
		if line["msg"] != ledger.BatchDone {
			continue
		}
		values := map[string]int{}
		for metric, f := range map[string]ledger.Filter{stack.MetricLinesStored: ledger.StoredFilter(), stack.MetricLag: ledger.LineLagFilter()} {
			if n, ok := line[f.Member].(float64); ok {
				values[metric] = int(n)
			}
		}
		all = append(all, values)
	}
	return all
}

// both returns all metrics of the only invocation.
func (s *system) both(t *testing.T) map[string]int {
	t.Helper()
	written, batches := s.measured(t), s.batches(t)
	if len(batches) != 1 || len(written) > 1 {
		t.Fatalf("metrics of one batch: %v and %v", batches, written)
	}
	for _, w := range written {
		maps.Copy(batches[0], w)
	}
	return batches[0]
}

func TestMetrics(t *testing.T) {
	twoEvents := strings.Repeat("ab\xff", 220_000) // takes 1.1 MB as UTF-8
	for _, test := range []struct {
		name   string
		frames []string
		want   map[string]int
	}{
		{"lines", []string{dyno(at(-time.Second), "a"), dyno(at(-3*time.Second), "b"), dyno(at(-2*time.Second), "c")},
			map[string]int{stack.MetricLinesStored: 3, stack.MetricLag: 3000}},
		{"a line that arrives at once", []string{dyno(noon, "a")},
			map[string]int{stack.MetricLinesStored: 1, stack.MetricLag: 0}},
		{"a clock that is ahead", []string{dyno(at(time.Hour), "a")},
			map[string]int{stack.MetricLinesStored: 1, stack.MetricLag: 0}},
		{"bytes that are not a line", []string{"garbage"},
			map[string]int{stack.MetricLinesStored: 1, stack.MetricLinesMalformed: 1}},
		{"an unreadable time", []string{logplextest.Frame("<190>1 yesterday host app web.1 - x\n")},
			map[string]int{stack.MetricLinesStored: 1}},
		{"a time that CloudWatch Logs would reject", []string{dyno(at(-30*24*time.Hour), "old"), dyno(at(-time.Second), "a")},
			map[string]int{stack.MetricLinesStored: 2, stack.MetricLinesMoved: 1, stack.MetricLag: 1000}},
		{"a long moved line", logplextest.Chunks(at(3*time.Hour), "web.1", twoEvents),
			map[string]int{stack.MetricLinesStored: 1, stack.MetricLinesMoved: 1}},
		{"long bytes that are not a line", []string{twoEvents},
			map[string]int{stack.MetricLinesStored: 1, stack.MetricLinesMalformed: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			s.handle(t, request{frameID: "F", messageID: "1"}.messages(t, test.frames...)...)
			if diff := cmp.Diff(test.want, s.both(t)); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
		})
	}
}

// Lines of a failed put are counted once, when they are stored. The message takes two puts, because its lines span more than a day.
func TestMetricsOfRedeliveredLines(t *testing.T) {
	s := newSystem(t, nil)
	s.restartOn(s.logs, 400*24*time.Hour)
	s.logs.retention = 400 * 24 * time.Hour
	s.logs.before = throttle(1, 2, 3)
	m := post(t, "1", dyno(noon, "a"), "garbage", dyno(at(-30*24*time.Hour), "old"))
	for range 3 {
		s.handle(t, m)
		s.now = s.now.Add(time.Minute)
	}
	s.handle(t, m) // a copy of the stored message
	want := []map[string]int{{stack.MetricLinesMalformed: 1}, {stack.MetricLinesMoved: 1}}
	if diff := cmp.Diff(want, s.measured(t)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	sums := map[string]int{}
	for _, b := range s.batches(t) {
		for name, n := range b {
			sums[name] += n
		}
	}
	if diff := cmp.Diff(map[string]int{stack.MetricLinesStored: 3, stack.MetricLag: 60_000}, sums); diff != "" {
		t.Errorf("metrics of the log (-want +got):\n%s", diff)
	}
}

// The retention of the log group is shorter than the function's configuration says.
func TestMetricsOfRejectedLines(t *testing.T) {
	s := newSystem(t, nil)
	s.restartOn(s.logs, 0)
	s.handle(t, post(t, "1", dyno(at(-8*24*time.Hour), "a"), dyno(at(-8*24*time.Hour), "b"), "12 cut", dyno(at(-time.Second), "c")))
	want := map[string]int{stack.MetricLinesStored: 2, stack.MetricLinesMalformed: 1, stack.MetricLinesLost: 2, stack.MetricLag: 1000}
	if diff := cmp.Diff(want, s.both(t)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// The lag ends when CloudWatch Logs has the line.
func TestLagIncludesThePut(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = func(int, *cloudwatchlogs.PutLogEventsInput) error {
		s.now = s.now.Add(5 * time.Second)
		return nil
	}
	s.handle(t, post(t, "1", dyno(at(-time.Second), "a")))
	if diff := cmp.Diff(map[string]int{stack.MetricLinesStored: 1, stack.MetricLag: 6000}, s.both(t)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

func TestMetricsOnAWS(t *testing.T) {
	c := newCloud(t, nil)
	c.handle(t, post(t, "1", dyno(time.Now(), "a"), "garbage"))
	got := c.both(t)
	if got[stack.MetricLinesStored] != 2 || got[stack.MetricLinesMalformed] != 1 {
		t.Errorf("metrics %v", got)
	}
}

// Failing to write metrics does not fail the batch.
func TestMetricsThatCannotBeWritten(t *testing.T) {
	read, write := io.Pipe()
	localtest.Must(t, read.CloseWithError(errors.New("pipe closed")))
	s := newSystem(t, nil)
	s.Handler = storage.New(storage.Config{
		Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"}, Logs: s.logs, Queues: s.queues,
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Metrics: metrics.NewWriter(write, storageFunction), Now: func() time.Time { return noon },
	})
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", "garbage"))), 0)
	if !strings.Contains(s.log.String(), "pipe closed") {
		t.Errorf("the error is not logged:\n%s", s.log)
	}
}
