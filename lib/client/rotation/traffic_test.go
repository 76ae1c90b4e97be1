package rotation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
)

// traffic is an app that writes lines. Logplex sends each line to the drains that the app has at that moment.
type traffic struct {
	f       *fixture
	app     string
	cancel  context.CancelFunc
	done    chan struct{}
	senders map[string]*delivery.Sender // by drain ID
	written int
	lost    []string // the lines that a drain did not accept, and why
}

// startTraffic lets an app write lines until stop is called.
func (f *fixture) startTraffic(app string) *traffic {
	ctx, cancel := context.WithCancel(f.t.Context())
	tr := &traffic{f: f, app: app, cancel: cancel, done: make(chan struct{}), senders: map[string]*delivery.Sender{}}
	go func() {
		defer close(tr.done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			tr.write()
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
	return tr
}

// write writes one line. If a drain does not accept it, or there is no drain, the line is lost: Heroku keeps no copy.
func (tr *traffic) write() {
	message := logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: tr.f.system.AWS.Now(), Source: []byte("app"), Process: []byte("web.1"),
		Message: fmt.Appendf(nil, "line %d", tr.written), Newline: true,
	})
	tr.written++
	sent := 0
	for _, d := range tr.f.heroku.Drains(tr.app) {
		if tr.send(d, message) {
			sent++
		}
	}
	if sent == 0 {
		tr.lost = append(tr.lost, fmt.Sprintf("line %d: no drain accepted it", tr.written-1))
	}
}

func (tr *traffic) send(d herokufake.Drain, message []byte) bool {
	sender := tr.senders[d.ID]
	if sender == nil {
		var err error
		if sender, err = delivery.NewSender(d.URL, d.Token); err != nil {
			tr.lost = append(tr.lost, err.Error())
			return false
		}
		tr.senders[d.ID] = sender
	}
	frame := delivery.FrameID(fmt.Sprintf("%s %d", d.Token, tr.written)) // each drain gets its own, as with Logplex
	r, err := sender.Send(context.Background(), delivery.Batch{FrameID: frame, Messages: [][]byte{message}})
	if err != nil || r.Lost {
		tr.lost = append(tr.lost, fmt.Sprintf("line %d: answer %d, %v, %v", tr.written-1, r.Status, r.Err, err))
		return false
	}
	return true
}

// stop stops the traffic, and checks that every line was accepted and is stored.
func (tr *traffic) stop() {
	t := tr.f.t
	t.Helper()
	tr.cancel()
	<-tr.done
	for _, line := range tr.lost {
		t.Errorf("%s: %s", tr.app, line)
	}
	localtest.Eventually(t, fmt.Sprintf("all %d lines of %s are stored", tr.written, tr.app), func() bool {
		stored := map[string]bool{}
		for _, text := range localtest.Texts(localtest.StoredLines(t, tr.f.system.AWS, tr.app)) {
			stored[strings.TrimSpace(text)] = true
		}
		for n := range tr.written {
			if !stored[fmt.Sprintf("app[web.1]: line %d", n)] {
				return false
			}
		}
		return true
	})
	t.Logf("%s: %d lines written", tr.app, tr.written)
}

func TestNoLineIsLost(t *testing.T) {
	f := newFixture(t, "blog", "shop", "zoo")
	f.MaxParallel = 3
	var all []*traffic
	for _, app := range f.apps {
		all = append(all, f.startTraffic(app))
	}
	for range 3 {
		if result := f.rotate(); !result.NewKey {
			t.Error("no new key was created")
		}
		f.wantCurrent()
	}
	for _, tr := range all {
		tr.stop()
	}
}
