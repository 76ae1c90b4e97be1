package rotation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
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
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		stored := tr.stored(ctx)
		missing := 0
		for n := range tr.written {
			if stored[fmt.Sprintf("app[web.1]: line %d", n)] == 0 {
				missing++
			}
		}
		if missing == 0 {
			t.Logf("%s: %d lines written", tr.app, tr.written)
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: %d of %d lines are not stored", tr.app, missing, tr.written)
		}
	}
}

// stored returns how many times each line is stored.
func (tr *traffic) stored(ctx context.Context) map[string]int {
	stored := map[string]int{}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(cloudwatchlogs.NewFromConfig(tr.f.system.AWS.Config()), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamNames: []string{"[APP]" + tr.app},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil // the caller tries again
		}
		for _, e := range page.Events {
			stored[strings.TrimSpace(aws.ToString(e.Message))]++
		}
	}
	return stored
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
