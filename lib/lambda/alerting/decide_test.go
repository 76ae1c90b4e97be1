package alerting_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/state"
	"heroku-drains/lib/lambda/alerting/table"
)

// choose takes one of the calls that wait, or returns nil.
func (w *world) choose() *call {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.calls) == 0 {
		return nil
	}
	slices.SortStableFunc(w.calls, func(a, b *call) int { return strings.Compare(a.name, b.name) })
	n := w.random.IntN(len(w.calls))
	if !w.anyFault {
		// Nobody is slow who has to tell the table what the topic has accepted.
		if urgent := slices.IndexFunc(w.calls, func(c *call) bool { return len(c.of.open) > 0 }); urgent >= 0 {
			n = urgent
		}
	}
	c := w.calls[n]
	w.calls = slices.Delete(w.calls, n, n+1)
	return c
}

// decide says what becomes of a call. It returns false if none waits.
func (w *world) decide() bool {
	c := w.choose()
	if c == nil {
		return false
	}
	if c.of.dead.Load() {
		c.answer <- errDead
		return true
	}
	safe := !w.faults || !w.anyFault && (len(c.of.open) > 0)
	publishes := strings.HasPrefix(c.name, "publish")
	switch fate := w.random.IntN(100); {
	case safe || fate < 80:
		c.answer <- c.do()
	case fate < 87:
		c.answer <- errFault
	case fate < 91 && (w.anyFault || !publishes):
		_ = c.do() // the response is lost
		c.answer <- errFault
	case fate < 94:
		c.of.dead.Store(true)
		c.answer <- errDead
	case fate < 97 && (w.anyFault || !publishes):
		_ = c.do()
		c.of.dead.Store(true)
		c.answer <- errDead
	default: // the process is slow
		w.mu.Lock()
		w.calls = append(w.calls, c)
		w.mu.Unlock()
		time.Sleep(time.Duration(w.random.IntN(5000)) * time.Millisecond)
	}
	return true
}

// worldTable is the table as an invocation sees it.
type worldTable struct {
	w *world
	i *invocation
}

func (t worldTable) Get(ctx context.Context, app, key string) (item table.Item, err error) {
	err = t.i.wait(ctx, t.w, "get "+app+" "+key, func() error {
		item = t.w.item(app, key)
		return nil
	})
	return item, err
}

// item returns an item, without its state if it has expired.
func (w *world) item(app, key string) table.Item {
	item, ok := w.items[[2]string{app, key}]
	if !ok {
		return table.Item{App: app, Key: key}
	}
	if !time.Now().Before(item.Expires) {
		item.State = nil
	}
	return item
}

func (t worldTable) Put(ctx context.Context, item table.Item) (table.Item, error) {
	err := t.i.wait(ctx, t.w, "put "+item.App+" "+item.Key, func() error {
		old := t.w.item(item.App, item.Key)
		if old.Version != item.Version {
			return table.ErrChanged
		}
		item.Version++
		t.w.items[[2]string{item.App, item.Key}] = item
		if id := pending(old); id != "" && pending(item) != id {
			t.w.confirmed[id] = true
			for _, i := range t.w.running {
				delete(i.open, id)
			}
		}
		return nil
	})
	return item, err
}

func (t worldTable) App(ctx context.Context, app, prefix string) (items []table.Item, err error) {
	err = t.i.wait(ctx, t.w, "query "+app, func() error {
		for _, key := range t.w.keys() {
			if key[0] == app && strings.HasPrefix(key[1], prefix) {
				items = append(items, t.w.item(key[0], key[1]))
			}
		}
		return nil
	})
	return items, err
}

func (t worldTable) All(ctx context.Context) (items []table.Item, err error) {
	err = t.i.wait(ctx, t.w, "scan", func() error {
		for _, key := range t.w.keys() {
			items = append(items, t.w.item(key[0], key[1]))
		}
		return nil
	})
	return items, err
}

// worldTopic is the topic as an invocation sees it.
type worldTopic struct {
	w *world
	i *invocation
}

func (t worldTopic) Publish(ctx context.Context, m message.Message) (string, error) {
	var texts map[string]string
	var n alert.Notification
	if err := json.Unmarshal([]byte(m.Body), &texts); err != nil {
		return "", err
	}
	if err := json.Unmarshal([]byte(texts["sqs"]), &n); err != nil {
		return "", err
	}
	err := t.i.wait(ctx, t.w, "publish "+n.ID, func() error {
		if t.w.confirmed[n.ID] {
			t.w.t.Errorf("%s is told again although the table knows that it was", n.Subject)
		}
		t.w.published = append(t.w.published, n)
		t.i.open[n.ID] = true
		return nil
	})
	return "m", err
}

// worldClock is the queue as an invocation sends to it.
type worldClock struct {
	w *world
	i *invocation
}

func (c worldClock) Send(ctx context.Context, tick alert.Tick, delay time.Duration) error {
	return c.i.wait(ctx, c.w, "send "+tick.App+" "+tick.Rule, func() error {
		c.w.send(alert.Message{Tick: &tick}, min(max(delay, 0), 15*time.Minute).Truncate(time.Second)+time.Second)
		return nil
	})
}

// pending returns the ID of what is being told according to an item.
func pending(item table.Item) string {
	var s struct {
		Pending *state.Pending `json:"pending"`
	}
	if item.State == nil || json.Unmarshal(item.State, &s) != nil || s.Pending == nil {
		return ""
	}
	return s.Pending.ID
}

// keys returns the keys of the items, in order.
func (w *world) keys() [][2]string {
	return slices.SortedFunc(maps.Keys(w.items), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
}
