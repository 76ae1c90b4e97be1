package storage_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// measureApps gives the system a handler that writes metrics by app.
func (s *system) measureApps(which stack.AppMetrics) {
	s.Handler = storage.New(storage.Config{
		Retention: week, Names: drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"}, Logs: s.logs, Queues: s.queues,
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Metrics: metrics.NewWriter(s.metrics, storageFunction), ByApp: which, Now: func() time.Time { return s.now },
	})
}

// ofApps returns the metrics by app that each invocation wrote, without those of the batches.
func (s *system) ofApps(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for text := range strings.Lines(s.metrics.String()) {
		var line map[string]any
		localtest.Must(t, json.Unmarshal([]byte(text), &line))
		if line["App"] != nil {
			delete(line, "_aws")
			all = append(all, line)
		}
	}
	return all
}

// requests and others are lines of Heroku, and lines of dynos that look like them.
var (
	requests = []string{
		router(`at=info method=GET path="/" host=x dyno=web.1 connect=1ms service=18ms status=200 bytes=12 protocol=https`),
		router(`at=info method=GET path="/?service=1ms status=599" host=x dyno=web.1 connect=0ms service=7ms status=404 bytes=12 protocol=https`),
		router(`at=error code=H12 desc="Request timeout" method=GET path="/" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`),
		router(`at=error code=H10 desc="App crashed" method=GET path="/" dyno= connect= service= status=503 bytes= protocol=https`),
		router(`sock=client at=warning code=H27 desc="Client Request Interrupted" method=GET path="/" dyno=web.1 connect=0ms service=0ms status=499 bytes=0 protocol=https`),
		router(`- at=info method=POST path="/" host=x dyno=web.1 connect=1ms service=250ms status=500 bytes=12 protocol=https extra=1`),
	}
	others = []string{
		platform("web.1", "Error R14 (Memory quota exceeded)"),
		platform("web.2", "- Error R15 (Memory quota vastly exceeded)"),
		platform("web.1", "State changed from up to crashed"),
		platform("logplex", "Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:58:00+00:00."),
		platform("logplex", "Error L10 (output buffer overflow): drain 'd.1' dropped 1 messages since 2026-11-20T11:58:00+00:00."),
		logplextest.Frame(logplextest.Line(logplex.PriorityDyno, noon, "app", "log-shuttle", "Error L12: 222 messages dropped since …")),
		dyno(noon, "Error R14 (Memory quota exceeded)"),
		dyno(noon, `at=error code=H12 method=GET path="/" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`),
		dyno(noon, `heroku[router]: at=error code=H12 service=30000ms status=503 bytes=0 protocol=https`),
		"garbage",
	}
)

func router(text string) string {
	return logplextest.Frame(logplextest.Line(logplex.PriorityRouter, noon, "heroku", "router", text))
}

func platform(process, text string) string {
	return logplextest.Frame(logplextest.Line(logplex.PriorityPlatform, noon, "heroku", process, text))
}

func TestMetricsByApp(t *testing.T) {
	errors := map[string]any{"FunctionName": storageFunction, "App": "shop", "Responses5xx": 3.0, "HerokuErrors": 7.0}
	for which, want := range map[stack.AppMetrics][]map[string]any{
		"":                     nil,
		stack.AppMetricsNone:   nil,
		stack.AppMetricsErrors: {errors},
		stack.AppMetricsAll: {{"FunctionName": storageFunction, "App": "shop", "Responses5xx": 3.0, "HerokuErrors": 7.0,
			"Lines": 16.0, "Requests": 6.0, "ServiceTime": []any{18.0, 7.0, 30000.0, 0.0, 250.0}}},
	} {
		for _, format := range []string{"text", "json"} {
			t.Run(fmt.Sprintf("%s, %s", which, format), func(t *testing.T) {
				s := newSystem(t, map[string]string{drain.TagFormat: format})
				s.measureApps(which)
				s.handle(t, post(t, "1", append(requests, others...)...))
				got := s.ofApps(t)
				if which == stack.AppMetricsAll {
					if stored := float64(s.counts(t, "bytes")["bytes"]); len(got) != 1 || got[0]["Bytes"] != stored || stored == 0 {
						t.Errorf("Bytes is not %v: %v", stored, got)
					}
					delete(got[0], "Bytes")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("metrics by app (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Lines of a failed put are counted once, when they are stored, and a copy of a message not at all.
func TestMetricsByAppOfRedeliveredLines(t *testing.T) {
	s := newSystem(t, nil)
	s.measureApps(stack.AppMetricsErrors)
	s.logs.before = throttle(1)
	m := post(t, "1", requests...)
	for range 3 {
		s.handle(t, m)
	}
	want := []map[string]any{{"FunctionName": storageFunction, "App": "shop", "Responses5xx": 3.0, "HerokuErrors": 3.0}}
	if diff := cmp.Diff(want, s.ofApps(t)); diff != "" {
		t.Errorf("metrics by app (-want +got):\n%s", diff)
	}
}

// An app without errors has no metrics of errors, which would cost money.
func TestMetricsByAppWithoutErrors(t *testing.T) {
	s := newSystem(t, nil)
	s.measureApps(stack.AppMetricsErrors)
	s.handle(t, post(t, "1", requests[0], dyno(noon, "a")))
	if got := s.ofApps(t); got != nil {
		t.Errorf("metrics by app: %v", got)
	}
}
