package alerting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/stack"
)

// world is AWS around the alerts function: a table, a topic, a queue, and Lambda. It runs in a synctest bubble, whose time passes only when
// everything waits. Each call of the function waits until the world decides what becomes of it, so that a seed determines everything.
type world struct {
	t      *testing.T
	random *rand.Rand
	rules  alerting.Rules

	items   map[[2]string]table.Item
	queue   []*queued
	running []*invocation

	mu    sync.Mutex // the world decides while all calls wait, but they come at the same time
	calls []*call

	published []alert.Notification

	faults    bool // calls fail, and functions end
	anyFault  bool // also between the topic's acceptance and the table's knowledge
	confirmed map[string]bool
	nextID    int
}

// queued is a message of the queue.
type queued struct {
	id       string
	body     string
	visible  time.Time // when it is delivered next
	receives int
}

// invocation is an invocation of the function, in a process of its own.
type invocation struct {
	messages []*queued
	done     chan struct{}
	response events.SQSEventResponse
	err      error
	dead     atomic.Bool     // the process has ended
	open     map[string]bool // IDs that the topic has accepted, and the table does not know of
}

// call is a call that waits.
type call struct {
	of     *invocation
	name   string
	do     func() error
	answer chan error
	gone   bool // the caller does not wait any more
}

var (
	errFault = errors.New("injected fault")
	errDead  = errors.New("the process has ended")
)

func newWorld(t *testing.T, seed uint64, rules alerting.Rules) *world {
	return &world{
		t: t, random: rand.New(rand.NewPCG(seed, 7)), rules: rules,
		items: map[[2]string]table.Item{}, confirmed: map[string]bool{},
	}
}

// send adds a message to the queue.
func (w *world) send(m alert.Message, delay time.Duration) {
	body, err := json.Marshal(m)
	if err != nil {
		w.t.Fatal(err)
	}
	w.nextID++
	w.queue = append(w.queue, &queued{id: fmt.Sprint(w.nextID), body: string(body), visible: time.Now().Add(delay)})
}

// wait is a call of an invocation: it returns what the world decides.
func (i *invocation) wait(ctx context.Context, w *world, name string, do func() error) error {
	if i.dead.Load() {
		return errDead
	}
	c := &call{of: i, name: name, do: do, answer: make(chan error, 1)}
	w.mu.Lock()
	w.calls = append(w.calls, c)
	w.mu.Unlock()
	select {
	case err := <-c.answer:
		return err
	case <-ctx.Done():
		w.mu.Lock()
		defer w.mu.Unlock()
		c.gone = true
		return ctx.Err()
	}
}

// invoke starts an invocation with messages.
func (w *world) invoke(messages []*queued) {
	i := &invocation{messages: messages, done: make(chan struct{}), open: map[string]bool{}}
	batch := events.SQSEvent{}
	for _, m := range messages {
		m.receives++
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: m.id, Body: m.body})
	}
	payload, err := json.Marshal(batch)
	if err != nil {
		w.t.Fatal(err)
	}
	w.start(i, payload)
}

// start starts an invocation with an event.
func (w *world) start(i *invocation, payload []byte) {
	handler := alerting.New(alerting.Config{
		Rules: w.rules, Table: worldTable{w, i}, Topic: worldTopic{w, i}, Clock: worldClock{w, i}, Writer: message.Composer{Stack: "HerokuDrains", Region: "eu-west-1"},
		Log: slog.New(slog.DiscardHandler), Metrics: metrics.NewWriter(io.Discard, ""), Now: time.Now,
	})
	w.running = append(w.running, i)
	go func() {
		defer close(i.done)
		ctx, cancel := context.WithTimeout(context.Background(), stack.AlertsTimeout)
		defer cancel()
		response, err := handler.Handle(ctx, payload)
		if ctx.Err() != nil {
			i.dead.Store(true) // Lambda ended it
		}
		i.response, _ = response.(events.SQSEventResponse)
		i.err = err
	}()
}

// finish takes note of invocations that have ended: what they handled is deleted from the queue.
func (w *world) finish() {
	w.running = slices.DeleteFunc(w.running, func(i *invocation) bool {
		select {
		case <-i.done:
		default:
			return false
		}
		if i.dead.Load() || i.err != nil {
			return true
		}
		failed := map[string]bool{}
		for _, f := range i.response.BatchItemFailures {
			failed[f.ItemIdentifier] = true
		}
		w.queue = slices.DeleteFunc(w.queue, func(m *queued) bool { return slices.Contains(i.messages, m) && !failed[m.id] })
		return true
	})
}

// deliver invokes the function with some of the messages that are visible, if fewer than four invocations run. It returns false if there is none.
func (w *world) deliver() bool {
	if len(w.running) >= 4 {
		return false
	}
	var visible []*queued
	for _, m := range w.queue {
		if !m.visible.After(time.Now()) {
			visible = append(visible, m)
		}
	}
	if len(visible) == 0 {
		return false
	}
	w.random.Shuffle(len(visible), func(i, j int) { visible[i], visible[j] = visible[j], visible[i] })
	batch := visible[:1+w.random.IntN(min(len(visible), 10))]
	for _, m := range batch {
		if w.faults && w.random.IntN(10) == 0 {
			continue // SQS delivers it another time, too
		}
		m.visible = time.Now().Add(stack.AlertsVisibilityTimeout)
	}
	w.invoke(batch)
	return true
}

// check invokes the function as the schedule does.
func (w *world) check() {
	w.start(&invocation{done: make(chan struct{}), open: map[string]bool{}}, []byte(`{"routeKey":"`+stack.RouteCheckAlerts+`"}`))
}

// run lets the world go on until a time.
func (w *world) run(until time.Time) {
	for {
		synctest.Wait()
		w.finish()
		w.forget()
		switch {
		case w.random.IntN(3) == 0 && w.deliver():
		case w.decide():
		case w.deliver():
		case len(w.running) == 0 && !time.Now().Before(until):
			return
		default:
			time.Sleep(w.pause(until))
		}
	}
}

// forget forgets calls whose callers do not wait any more.
func (w *world) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = slices.DeleteFunc(w.calls, func(c *call) bool { return c.gone })
}

// pause returns the time until something happens by itself.
func (w *world) pause(until time.Time) time.Duration {
	if len(w.running) > 0 {
		return 10 * time.Millisecond // they wait for a moment
	}
	next := until
	for _, m := range w.queue {
		if m.visible.Before(next) {
			next = m.visible
		}
	}
	return max(time.Until(next), time.Millisecond)
}
