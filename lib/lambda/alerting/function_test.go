package alerting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/local/localtest"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// function is the alerts function with a table, a topic and a queue in memory, and a clock that a test sets.
type function struct {
	*alerting.Handler
	t               *testing.T
	logged, metrics localtest.Buffer

	mu        sync.Mutex
	now       time.Time
	items     map[[2]string]table.Item
	published []alert.Notification
	ticks     []alert.Tick
	fail      func(call string) error // nil: no call fails
}

func newFunction(t *testing.T, rules alerting.Rules) *function {
	f := &function{t: t, now: noon, items: map[[2]string]table.Item{}}
	f.Handler = alerting.New(alerting.Config{
		Rules: rules, Table: memory{f}, Topic: topic{f}, Clock: clock{f}, Writer: message.Composer{Stack: "HerokuDrains", Region: "eu-west-1"},
		Log: slog.New(slog.NewJSONHandler(&f.logged, &slog.HandlerOptions{Level: slog.LevelDebug})), Metrics: metrics.NewWriter(&f.metrics, "alerts"),
		Now: func() time.Time {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.now
		},
	})
	return f
}

// call locks the function's world, and returns the error that a call has. Tests whose calls fail choose those by name: "get shop H12".
func (f *function) call(name string) (unlock func(), err error) {
	f.mu.Lock()
	if f.fail != nil {
		err = f.fail(name)
	}
	return f.mu.Unlock, err
}

type memory struct{ *function }

func (m memory) Get(_ context.Context, app, key string) (table.Item, error) {
	unlock, err := m.call("get " + app + " " + key)
	defer unlock()
	if item, ok := m.items[[2]string{app, key}]; ok {
		return item, err
	}
	return table.Item{App: app, Key: key}, err
}

func (m memory) Put(_ context.Context, item table.Item) (table.Item, error) {
	unlock, err := m.call("put " + item.App + " " + item.Key)
	defer unlock()
	switch {
	case err != nil:
		return item, err
	case m.items[[2]string{item.App, item.Key}].Version != item.Version:
		return item, table.ErrChanged
	}
	item.Version++
	m.items[[2]string{item.App, item.Key}] = item
	return item, nil
}

func (m memory) App(ctx context.Context, app, prefix string) ([]table.Item, error) {
	all, err := m.All(ctx)
	return slices.DeleteFunc(all, func(i table.Item) bool { return i.App != app || !strings.HasPrefix(i.Key, prefix) }), err
}

func (m memory) All(context.Context) ([]table.Item, error) {
	unlock, err := m.call("list")
	defer unlock()
	var all []table.Item
	for _, item := range m.items {
		all = append(all, item)
	}
	slices.SortFunc(all, func(a, b table.Item) int { return strings.Compare(a.App+" "+a.Key, b.App+" "+b.Key) })
	return all, err
}

type topic struct{ *function }

func (t topic) Publish(_ context.Context, m message.Message) (string, error) {
	unlock, err := t.call("publish")
	defer unlock()
	if err != nil {
		return "", err
	}
	var texts map[string]string
	var n alert.Notification
	if err := errors.Join(json.Unmarshal([]byte(m.Body), &texts), json.Unmarshal([]byte(texts["sqs"]), &n)); err != nil {
		return "", err
	}
	t.published = append(t.published, n)
	return "m-1", nil
}

type clock struct{ *function }

func (c clock) Send(_ context.Context, tick alert.Tick, _ time.Duration) error {
	unlock, err := c.call("send " + tick.App + " " + tick.Rule)
	defer unlock()
	if err == nil {
		c.ticks = append(c.ticks, tick)
	}
	return err
}

// at sets the clock.
func (f *function) at(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now
}

// batch delivers messages, and returns the numbers of those that SQS must deliver again.
func (f *function) batch(messages ...any) (again []string) {
	f.t.Helper()
	batch := events.SQSEvent{Records: []events.SQSMessage{}}
	for i, m := range messages {
		body, isText := m.(string)
		if !isText {
			text, err := json.Marshal(m)
			localtest.Must(f.t, err)
			body = string(text)
		}
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: body})
	}
	payload, err := json.Marshal(batch)
	localtest.Must(f.t, err)
	response, err := f.Handle(f.t.Context(), payload)
	localtest.Must(f.t, err)
	for _, failure := range response.(events.SQSEventResponse).BatchItemFailures {
		again = append(again, failure.ItemIdentifier)
	}
	return again
}

// report returns a report with n lines that match a rule, of now.
func (f *function) report(app, rule, id string, n int) alert.Message {
	return alert.Message{Report: &alert.Report{App: app, Hits: []alert.Hit{{Rule: rule, ID: id, Counts: []alert.Count{{At: f.now.Unix(), Lines: n}}}}}}
}

// request sends a request through the gateway, and returns the status and the body.
func (f *function) request(route string, parameters, query map[string]string, body string) (int, string) {
	f.t.Helper()
	r := gateway.Request{RouteKey: route, PathParameters: parameters, QueryStringParameters: query, Body: body}
	r.RequestContext.RequestID = "r-1"
	payload, err := json.Marshal(r)
	localtest.Must(f.t, err)
	response, err := f.Handle(f.t.Context(), payload)
	localtest.Must(f.t, err)
	got := response.(gateway.Response)
	return got.StatusCode, got.Body
}

// subjects returns the subjects of what was published.
func (f *function) subjects() []string {
	var all []string
	for _, n := range f.published {
		all = append(all, n.Subject)
	}
	return all
}
