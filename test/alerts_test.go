package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// storm is how many lines of H12 an app prints, in POSTs of stormPost lines. It is enough for several alerts.
const (
	storm     = 80
	stormPost = 10
)

// alerts are the notifications that people get from a system.
type alerts struct {
	mu  sync.Mutex
	all []alert.Notification
}

// watchAlerts collects the notifications of a system.
func watchAlerts(t *testing.T, s *system) *alerts {
	t.Helper()
	var a alerts
	t.Cleanup(s.AWS.OnPublish(func(p awslocal.Publication) {
		var n alert.Notification
		if err := json.Unmarshal([]byte(p.MessageFor("sqs")), &n); err != nil {
			t.Errorf("a notification is not JSON: %v", err)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.all = append(a.all, n)
	}))
	return &a
}

// of returns the notifications of an event.
func (a *alerts) of(event alert.Event) []alert.Notification {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.all), func(n alert.Notification) bool { return n.Event != event })
}

// String returns the subjects.
func (a *alerts) String() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var b strings.Builder
	for _, n := range a.all {
		fmt.Fprintf(&b, "%s  %s  %s\n", n.ID, n.Event, n.Subject)
	}
	return b.String()
}

// sendStorm sends lines of H12 in several POSTs at a time, as several nodes of Logplex do.
func (s *system) sendStorm(url string) {
	s.t.Helper()
	now := time.Now()
	var nodes sync.WaitGroup
	for node := range storm / stormPost {
		nodes.Go(func() {
			sender, err := delivery.NewSender(url, "d.test")
			if err != nil {
				s.t.Error(err)
				return
			}
			b := delivery.Batch{FrameID: delivery.FrameID(fmt.Sprint(s.t.Name(), node))}
			for n := range stormPost {
				b.Messages = append(b.Messages, timeout(now.Add(-time.Duration(node*stormPost+n)*10*time.Millisecond), node*stormPost+n))
			}
			if r, err := sender.Send(s.t.Context(), b); err != nil || r.Lost {
				s.t.Errorf("POST %d: %+v, %v", node, r, err)
			}
		})
	}
	nodes.Wait()
}

// timeout returns a line of the router about a request that timed out.
func timeout(at time.Time, request int) []byte {
	return logplex.AppendLine(nil, logplex.Line{
		Priority: 158, Time: at, Source: []byte("heroku"), Process: []byte("router"), Newline: true,
		Message: fmt.Appendf(nil, `at=error code=H12 desc="Request timeout" method=GET path="/checkout?token=%d" host=shop.example.com `+
			`request_id=%08d-0000-4000-8000-000000000000 fwd="203.0.113.1" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`, request, request),
	})
}

// check checks that people heard of the storm once, and of its end once, which counts each line once. More is the number of notifications with the ID
// of one before that are allowed.
func (a *alerts) check(t *testing.T, more int) {
	t.Helper()
	ids := map[string]int{}
	for _, event := range []alert.Event{alert.Firing, alert.Resolved} {
		for _, n := range a.of(event) {
			if n.Rule != "H12" || n.App != "shop" || event == alert.Resolved && n.Lines != storm {
				t.Errorf("%q has %d lines, want one of H12 in shop, which ends with %d", n.Subject, n.Lines, storm)
			}
			ids[n.ID]++
		}
	}
	if len(ids) != 2 || len(a.of(alert.Firing))+len(a.of(alert.Resolved)) > 2+more {
		t.Errorf("want one notification that is firing and one that is resolved, and at most %d again:\n%s", more, a)
	}
}

// TestOneStormIsOneAlert sends a storm to a new app, with nothing configured, while several invocations of the storage function are running.
func TestOneStormIsOneAlert(t *testing.T) {
	t.Parallel()
	// The storage function has processes of its own. The alerts function has the clock of the embedded AWS, which the test advances.
	storing := map[string]string{stack.LocalStorageFunction: binaries[stack.LocalStorageFunction]}
	s := startWith(t, local.Options{Binaries: storing, Lag: awslocal.Lag{Reads: time.Second}})
	told := watchAlerts(t, s)
	url := s.put("shop", drain.Patch{BatchSize: new(1)}).DrainURL // an invocation for each POST

	// Puts wait until four different ones do.
	puts := overlap{bodies: map[string]bool{}, all: make(chan struct{})}
	t.Cleanup(s.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == "PutLogEvents" {
			puts.await(t.Context(), string(c.Input), 4)
		}
	}))
	s.sendStorm(url)
	s.counted("shop", storm)
	for range 20 {
		s.AWS.Advance(time.Minute)
		s.idle()
	}
	localtest.Eventually(t, "the end of the alert is told", func() bool { return len(told.of(alert.Resolved)) > 0 })
	for range 20 {
		s.AWS.Advance(time.Minute)
		s.idle()
	}
	told.check(t, 0)
}

// counted waits until an alert of the app has so many lines, and people know of it.
func (s *system) counted(app string, lines int) {
	s.t.Helper()
	localtest.Eventually(s.t, fmt.Sprintf("an alert of %s with %d lines is told", app, lines), func() bool {
		all, err := s.api.Alerts(s.t.Context())
		localtest.Must(s.t, err)
		return slices.ContainsFunc(all, func(a alert.Alert) bool { return a.App == app && a.Lines >= lines && !a.Told.IsZero() })
	})
}

// idle waits until no message of the alerts queue is in flight or waits for nothing but its time.
func (s *system) idle() {
	s.t.Helper()
	localtest.Eventually(s.t, "the alerts queue is worked off", func() bool {
		out, err := s.sqs.GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl:       s.queueURL(stack.LocalAlertsQueue),
			AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible},
		})
		localtest.Must(s.t, err)
		return out.Attributes["ApproximateNumberOfMessages"] == "0" && out.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
	})
}

// overlap lets calls wait for each other.
type overlap struct {
	mu     sync.Mutex
	bodies map[string]bool // of the calls; one that is repeated has the same
	all    chan struct{}   // closed when there are enough
}

// await returns when so many different calls wait.
func (o *overlap) await(ctx context.Context, body string, different int) {
	o.mu.Lock()
	if !o.bodies[body] {
		if o.bodies[body] = true; len(o.bodies) == different {
			close(o.all)
		}
	}
	o.mu.Unlock()
	select {
	case <-o.all:
	case <-ctx.Done():
	}
}

// quickRules are the default rules, but the alert is over as soon as a test can wait for.
const quickRules = `{"codes": {"H12": {"threshold": 10, "window": "10s", "cooldown": "15s"}}}`

// kill is the end of a function's processes by SIGKILL.
type kill struct {
	function  string
	operation string        // the call of AWS during which they end
	nth       int           // which of the function's calls of the operation, from 1
	drop      awslocal.Drop // DropBefore: AWS did not get the call; DropAfter: it did
}

func (k kill) String() string {
	when := "before"
	if k.drop == awslocal.DropAfter {
		when = "after"
	}
	return fmt.Sprintf("%s %s its %s %d", k.function, when, k.operation, k.nth)
}

// again returns how many notifications may be published again with the same ID: one if the function ends between the acceptance by SNS and the table's
// record of it.
func (k kill) again() int {
	switch {
	case k.function != stack.LocalAlertsFunction:
		return 0
	case k.operation == "Publish" && k.drop == awslocal.DropAfter, k.operation == "SendMessage" && k.nth > 1, k.operation == "PutItem" && k.nth > 2:
		return 1 // the second Tick is sent, and the third item written, to record that the alert was told
	}
	return 0
}

// kills are the steps from a POST to the end of an alert.
func kills() []kill {
	steps := []kill{
		{function: stack.LocalDrainsFunction, operation: "SendMessage", nth: 1},
		{function: stack.LocalStorageFunction, operation: "PutLogEvents", nth: 1},
		{function: stack.LocalStorageFunction, operation: "SendMessage", nth: 1},
		{function: stack.LocalAlertsFunction, operation: "GetItem", nth: 1},
		{function: stack.LocalAlertsFunction, operation: "Publish", nth: 1},
		{function: stack.LocalAlertsFunction, operation: "Publish", nth: 2},
		{function: stack.LocalAlertsFunction, operation: "SendMessage", nth: 1},
		{function: stack.LocalAlertsFunction, operation: "SendMessage", nth: 2},
	}
	for nth := 1; nth <= 5; nth++ {
		steps = append(steps, kill{function: stack.LocalAlertsFunction, operation: "PutItem", nth: nth})
	}
	var all []kill
	for _, k := range steps {
		for _, k.drop = range []awslocal.Drop{awslocal.DropBefore, awslocal.DropAfter} {
			all = append(all, k)
		}
	}
	return all
}

// TestAlertsSurviveKills kills each function at each step of an alert. SQS then delivers messages again, some of which were handled.
//
// It does not run beside other tests: so many systems at a time would make calls of others time out, and be repeated.
func TestAlertsSurviveKills(t *testing.T) {
	rules := withRules(t, quickRules)
	// Each waits for most of its time, so they need not wait for each other as parallel tests do, but only until the storm is sent.
	busy := make(chan struct{}, 3)
	var all sync.WaitGroup
	defer all.Wait()
	for _, k := range kills() {
		all.Go(func() {
			t.Run(k.String(), func(t *testing.T) {
				busy <- struct{}{}
				sent := sync.OnceFunc(func() { <-busy })
				defer sent()
				s := startWith(t, local.Options{Binaries: rules, Lag: awslocal.Lag{Reads: 100 * time.Millisecond}})
				told := watchAlerts(t, s)
				url := s.put("shop", drain.Patch{}).DrainURL
				s.comeBackSoon("shop")
				killed := s.killAt(k)
				s.sendStorm(url)
				localtest.Eventually(t, "the storm is stored", func() bool { return len(localtest.StoredLines(t, s.AWS, "shop")) >= storm })
				sent()
				localtest.Eventually(t, "the end of the alert is told", func() bool { return len(told.of(alert.Resolved)) > 0 })
				if !killed() {
					t.Fatal("the function did not come to this step")
				}
				told.check(t, k.again())
			})
		})
	}
}

// killAt kills a function at a step, and returns whether it has.
func (s *system) killAt(k kill) (killed func() bool) {
	var calls, kills atomic.Int32
	s.t.Cleanup(s.AWS.OnCall(func(c awslocal.Call) {
		if c.AccessKeyID != k.function || c.Operation != k.operation || int(calls.Add(1)) != k.nth {
			return
		}
		s.AWS.Inject(awslocal.Fault{Service: c.Service, Operation: c.Operation, Times: 1, Drop: k.drop})
		if _, err := s.AWS.KillFunction(k.function); err != nil {
			s.t.Error(err)
		}
		kills.Add(1)
	}))
	return func() bool { return kills.Load() > 0 }
}

// comeBackSoon lets SQS deliver messages again after seconds, not minutes, if a function does not handle them.
func (s *system) comeBackSoon(app string) {
	s.t.Helper()
	for _, queue := range []string{stack.DefaultQueuePrefix + app, stack.LocalAlertsQueue} {
		_, err := s.sqs.SetQueueAttributes(s.t.Context(), &sqs.SetQueueAttributesInput{
			QueueUrl: s.queueURL(queue), Attributes: map[string]string{"VisibilityTimeout": "5"},
		})
		localtest.Must(s.t, err)
	}
	s.AWS.Advance(longestPoll) // polls that began before would hide their messages for minutes
}

// longestPoll is how long a call of ReceiveMessage waits for a message.
const longestPoll = 20 * time.Second

// queueURL returns the URL of a queue.
func (s *system) queueURL(name string) *string {
	return aws.String(s.AWS.AWSURL() + "/" + stack.LocalAccountID + "/" + name)
}

// withRules returns the binaries of the functions in folders of their own, with a file of rules beside them.
func withRules(t *testing.T, rules string) map[string]string {
	t.Helper()
	copies := map[string]string{}
	for name, binary := range binaries {
		folder := t.TempDir()
		copies[name] = filepath.Join(folder, stack.Bootstrap)
		localtest.Must(t, os.Link(binary, copies[name]))
		localtest.Must(t, os.WriteFile(filepath.Join(folder, stack.RulesFile), []byte(rules), 0o600))
	}
	return copies
}
