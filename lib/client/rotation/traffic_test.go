package rotation_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// traffic is an app whose every line Logplex sends to whatever drains the app has at that moment.
type traffic struct {
	w       *world
	app     string
	cancel  context.CancelFunc
	ended   chan struct{}
	senders map[string]*delivery.Sender // by the drain's id
	written int
	refused []string
}

// begin starts an app's traffic.
func (w *world) begin(app string) *traffic {
	ctx, cancel := context.WithCancel(w.t.Context())
	tr := &traffic{w: w, app: app, cancel: cancel, ended: make(chan struct{}), senders: map[string]*delivery.Sender{}}
	go func() {
		defer close(tr.ended)
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

// write writes one line. A line that no drain is there for, or that one does not take, is noted: Heroku has no other copy.
func (tr *traffic) write() {
	message := logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: tr.w.system.AWS.Now(), Source: []byte("app"), Process: []byte("web.1"),
		Message: fmt.Appendf(nil, "line %d", tr.written), Newline: true,
	})
	tr.written++
	sent := 0
	for _, d := range tr.w.heroku.Drains(tr.app) {
		if tr.send(d, message) {
			sent++
		}
	}
	if sent == 0 {
		tr.refused = append(tr.refused, fmt.Sprintf("line %d: no drain took it", tr.written-1))
	}
}

func (tr *traffic) send(d herokufake.Drain, message []byte) bool {
	sender := tr.senders[d.ID]
	if sender == nil {
		var err error
		if sender, err = delivery.NewSender(d.URL, d.Token); err != nil {
			tr.refused = append(tr.refused, err.Error())
			return false
		}
		tr.senders[d.ID] = sender
	}
	frame := delivery.FrameID(fmt.Sprintf("%s %d", d.Token, tr.written)) // another one per drain, as Logplex has it
	r, err := sender.Send(context.Background(), delivery.Batch{FrameID: frame, Messages: [][]byte{message}})
	if err != nil || r.Lost {
		tr.refused = append(tr.refused, fmt.Sprintf("line %d: answer %d, %v, %v", tr.written-1, r.Status, r.Err, err))
		return false
	}
	return true
}

// end ends the traffic and checks that every line was taken and is stored.
func (tr *traffic) end() {
	t := tr.w.t
	t.Helper()
	tr.cancel()
	<-tr.ended
	for _, line := range tr.refused {
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
			t.Fatalf("%s: %d of %d lines are lost", tr.app, missing, tr.written)
		}
	}
}

// stored is how often each line is stored.
func (tr *traffic) stored(ctx context.Context) map[string]int {
	stored := map[string]int{}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(cloudwatchlogs.NewFromConfig(tr.w.system.AWS.Config()), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamNames: []string{"[APP]" + tr.app},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil // the caller's deadline tells
		}
		for _, e := range page.Events {
			stored[strings.TrimSpace(aws.ToString(e.Message))]++
		}
	}
	return stored
}

func TestNotOneLineIsLost(t *testing.T) {
	w := newWorld(t, "blog", "shop", "zoo")
	w.Width = 3
	var all []*traffic
	for _, app := range w.apps {
		all = append(all, w.begin(app))
	}
	for range 3 {
		s := w.survey()
		must(t, w.NewKey(t.Context(), s))
		var wg sync.WaitGroup
		for _, app := range s.Apps {
			wg.Go(func() {
				if moved := w.Move(t.Context(), app); moved.State != rotation.Current {
					t.Errorf("%s: %s, %v", app.Name, moved.State, moved.Err)
				}
			})
		}
		wg.Wait()
		w.wantCurrent()
	}
	for _, tr := range all {
		tr.end()
	}
}
