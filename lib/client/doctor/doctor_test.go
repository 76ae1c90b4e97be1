package doctor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// onAWS examines an installation on AWS.
var onAWS = examiner{Options: Options{Start: "`cli local`", Command: commandOf("cli")}, identity: "me"}

// commandOf returns an Options.Command for a CLI that is called by a name.
func commandOf(name string) func(string, ...any) string {
	return func(format string, args ...any) string { return "`" + name + " " + fmt.Sprintf(format, args...) + "`" }
}

// want compares findings in a short form: severity, check, app, what, fix.
func want(t *testing.T, findings []Finding, lines ...string) {
	t.Helper()
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%s|%s|%s|%s|%s", f.Severity, f.Check, f.App, f.What, f.Fix))
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestDrain(t *testing.T) {
	queue, source := &drain.Queue{Name: "APP_shop"}, &drain.EventSource{}
	for name, tt := range map[string]struct {
		drain drain.Drain
		want  []string
	}{
		"active": {drain.Drain{State: drain.Active, LogStream: "s", Queue: queue, EventSource: source}, nil},
		"creating": {drain.Drain{State: drain.Creating}, []string{
			"note|drain|shop|the drain's state is creating: lines wait in the queue until it is active|wait a minute, then check again"}},
		"disabled": {drain.Drain{State: drain.Disabled}, []string{
			"error|drain|shop|the event source mapping is disabled: lines wait in the queue for up to 14 days|`cli put -a shop` enables it"}},
		"deleting": {drain.Drain{State: drain.Deleting}, []string{
			"warning|drain|shop|the drain is being deleted|wait a minute; `cli put -a shop` creates it again"}},
		"without a mapping": {drain.Drain{State: drain.Partial, LogStream: "s", Queue: queue}, []string{
			"error|drain|shop|the drain has no event source mapping|`cli put -a shop` repairs it"}},
		"without a log stream and a queue": {drain.Drain{State: drain.Partial, EventSource: source}, []string{
			"error|drain|shop|the drain has no log stream and no queue|`cli put -a shop` repairs it"}},
		"deleted with --keep-logs": {drain.Drain{State: drain.Partial, LogStream: "s"}, []string{
			"note|drain|shop|only the log stream of this drain is left|" +
				"`cli delete -a shop` deletes it and its lines; `cli put -a shop` creates the drain again"}},
		"only at Heroku": {drain.Drain{State: drain.None}, []string{
			"error|drain|shop|Heroku sends to a drain that does not exist: its lines are lost|" +
				"`cli put -a shop` creates the drain; `cli delete -a shop` removes it from Heroku"}},
		"slow": {drain.Drain{State: drain.Active, LastEventAt: &noon, Queue: &drain.Queue{Counts: &drain.Counts{Messages: 900, InFlight: 90, Delayed: 10}}}, []string{
			"warning|drain|shop|1000 messages are waiting in the queue: they arrive faster than they are stored|" +
				"check for throttling; `cli put -a shop --maximum-concurrency 0` removes the drain's own limit"}},
		"busy": {drain.Drain{State: drain.Active, LastEventAt: &noon, Queue: &drain.Queue{Counts: &drain.Counts{Messages: 999}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tt.drain.App = "shop"
			want(t, onAWS.drain(tt.drain, noon), tt.want...)
		})
	}
}

// noon is the time of the examinations.
var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func TestDrainThatStoresNothing(t *testing.T) {
	local := examiner{Options: Options{Local: true, Start: "`cli local`", Command: commandOf("cli --local")}}
	const (
		fixOnAWS = "see the log of the storage function in CloudWatch Logs; `cli doctor -a shop` then checks with a test line"
		fixLocal = "see the output of `cli local`; if it was started with --fail, the lines are stored when the outage ends"
	)
	finding := func(what, fix string) string { return "warning|drain|shop|" + what + "|" + fix }
	for name, tt := range map[string]struct {
		examiner examiner
		waiting  int
		window   int           // seconds
		age      time.Duration // of the newest stored line; 0: no line was stored
		want     string        // empty: nothing is found
	}{
		"local, nothing was ever stored": {local, 122, 0, 0, finding("122 messages are waiting in the queue, and the log stream shows no stored line", fixLocal)},
		"local, storing ended": {local, 20, 0, 2 * time.Minute,
			finding("20 messages are waiting in the queue, and the newest stored line is from 2026-11-27T11:58:00Z", fixLocal)},
		"local, storing":             {local, 999, 0, 30 * time.Second, ""},
		"local, few messages":        {local, 19, 0, 0, ""},
		"local, waiting for a batch": {local, 122, 60, 0, ""},
		"nothing was ever stored":    {onAWS, 122, 0, 0, finding("122 messages are waiting in the queue, and the log stream shows no stored line", fixOnAWS)},
		"storing ended": {onAWS, 122, 0, 2 * time.Hour,
			finding("122 messages are waiting in the queue, and the newest stored line is from 2026-11-27T10:00:00Z", fixOnAWS)},
		"the time of the newest line may be late": {onAWS, 999, 0, time.Hour, ""},
		"few messages":                      {onAWS, 19, 0, 0, ""},
		"waiting for a batch":               {onAWS, 619, 60, 0, ""},
		"more than a batch window explains": {onAWS, 620, 60, 0, finding("620 messages are waiting in the queue, and the log stream shows no stored line", fixOnAWS)},
		"a backlog that does not move":      {onAWS, 5000, 300, 0, finding("5000 messages are waiting in the queue, and the log stream shows no stored line", fixOnAWS)},
	} {
		t.Run(name, func(t *testing.T) {
			d := drain.Drain{App: "shop", State: drain.Active, Queue: &drain.Queue{Counts: &drain.Counts{Messages: tt.waiting - 1, InFlight: 1}}}
			d.Settings.BatchWindowSeconds = tt.window
			if tt.age > 0 {
				newest := noon.Add(-tt.age)
				d.LastEventAt = &newest
			}
			var lines []string
			if tt.want != "" {
				lines = []string{tt.want}
			}
			want(t, tt.examiner.drain(d, noon), lines...)
		})
	}
}

func TestSubscription(t *testing.T) {
	two := []heroku.Drain{{ID: "1"}, {ID: "2"}}
	whole := drain.Drain{App: "shop", State: drain.Active, LogStream: "s", Queue: &drain.Queue{}, EventSource: &drain.EventSource{}}
	kept := drain.Drain{App: "shop", State: drain.Partial, LogStream: "s"}
	for name, side := range map[string]*connect.Subscription{
		"deleted on both sides": {State: connect.Missing}, "deleted with the app": {State: connect.NoApp},
	} {
		t.Run(name, func(t *testing.T) { want(t, onAWS.subscription(connect.Connection{Drain: kept, Heroku: side})) })
	}
	t.Run("deleted only on AWS", func(t *testing.T) {
		want(t, onAWS.subscription(connect.Connection{Drain: kept, Heroku: &connect.Subscription{State: connect.Unknown, Ours: two[:1]}}),
			"error|heroku|shop|Heroku sends to a drain whose queue does not exist: its lines are lost|"+
				"`cli put -a shop` creates the drain again; `cli delete -a shop` removes it from Heroku")
	})
	for name, tt := range map[string]struct {
		side *connect.Subscription
		want []string
	}{
		"left out": {nil, nil},
		"present":  {&connect.Subscription{State: connect.Present, Ours: two[:1]}, nil},
		"missing": {&connect.Subscription{State: connect.Missing}, []string{
			"error|heroku|shop|Heroku does not send the app's lines here|`cli put -a shop` adds the log drain"}},
		"stale": {&connect.Subscription{State: connect.Stale, Ours: two[:1]}, []string{
			"error|heroku|shop|the password in the log drain's URL is no longer valid: Heroku's lines are rejected, and lost|" +
				"`cli put -a shop` replaces it"}},
		"no app": {&connect.Subscription{State: connect.NoApp}, []string{
			"warning|heroku|shop|the app does not exist, or this Heroku account has no access to it|" +
				"use the API key of an account with access; if the app was deleted, `cli delete -a shop` deletes the drain"}},
		"unknown": {&connect.Subscription{State: connect.Unknown, Err: errors.New("no answer")}, []string{
			"warning|heroku|shop|cannot tell whether Heroku sends the app's lines here: no answer|fix this, then check again"}},
		"twice": {&connect.Subscription{State: connect.Present, Ours: two}, []string{
			"warning|heroku|shop|2 log drains at Heroku send the app's lines here: they are stored more than once, or rejected|" +
				"`cli put -a shop` removes all but one"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, onAWS.subscription(connect.Connection{Drain: whole, Heroku: tt.side}), tt.want...)
		})
	}
}

func TestAPI(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"no drain": {&apiclient.Error{Status: 404, Code: drain.NotFound, Message: "no"},
			"error|drain|shop|the app has no drain|`cli put -a shop` creates it"},
		"not allowed": {&apiclient.Error{Method: "GET", Status: 403, Message: "Forbidden"},
			"error|policy||me is not authorized to perform execute-api:Invoke on the drains API: Forbidden|allow it (read-policy.json in docs/deploy.md); " +
				"if it is allowed, check the Region and the clock, which are part of the signature (--region, --profile)"},
		"Heroku's limit": {&heroku.Error{Kind: heroku.ErrRateLimited, Status: 429, Message: "slow"},
			"error|heroku|shop|list: " + (&heroku.Error{Kind: heroku.ErrRateLimited, Status: 429, Message: "slow"}).Error() +
				"|fix this, or skip Heroku with --no-heroku"},
		"another program": {&apiclient.Error{Status: 501, Foreign: true, Message: "no"},
			"error|api||call the drains API: list: the server at this address is not a drains API (HTTP 501: no)|" +
				"set the right address with --api-url or --stack"},
		"broken": {&apiclient.Error{Status: 500, Code: "InternalError", Message: "no", RequestID: "r1"},
			"error|api||call the drains API: list: no (request ID r1)|see the log of the drains function"},
		"no network": {errors.New("no route to host"),
			"error|api||call the drains API: list: no route to host|check this machine's network and the address of the API"},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, onAWS.api("shop", fmt.Errorf("list: %w", tt.err)), tt.want)
		})
	}
}

func TestFixesOfALocalSystem(t *testing.T) {
	local := examiner{Options: Options{Local: true, Start: "`cli local`", Command: commandOf("cli --local")}}
	const start = "start the local system with `cli local`; if it listens elsewhere, pass --local-api-url and --local-aws-url"
	want(t, local.api("", errors.New("refused")), "error|api||call the drains API: refused|"+start)
	want(t, local.api("", &apiclient.Error{Status: 404, Foreign: true, Message: "no"}),
		"error|api||call the drains API: the server at this address is not a drains API (HTTP 404: no)|"+start)
	want(t, local.api("shop", &apiclient.Error{Status: 404, Code: drain.NotFound}),
		"error|drain|shop|the app has no drain|`cli --local put -a shop` creates it")
}

func TestDiagnosisIsHealthyWithNotesOnly(t *testing.T) {
	of := func(s Severity) Finding { return Finding{Severity: s} }
	note, warning, severe := of(Note), of(Warning), of(Error)
	for _, tt := range []struct {
		findings []Finding
		want     bool
	}{{nil, true}, {[]Finding{note, note}, true}, {[]Finding{note, warning}, false}, {[]Finding{severe}, false}} {
		if got := (Diagnosis{Findings: tt.findings}).Healthy(); got != tt.want {
			t.Errorf("%v: healthy %t", tt.findings, got)
		}
	}
}

func TestRunKeepsTheOrderAndItsLimit(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	var checks []func(context.Context) []Finding
	together := make(chan struct{}, 1)
	for i := range 40 {
		checks = append(checks, func(context.Context) []Finding {
			mu.Lock()
			running++
			if most = max(most, running); most == 8 {
				select {
				case <-together:
				default:
					close(together) // eight are running: let all continue
				}
			}
			mu.Unlock()
			<-together
			mu.Lock()
			running--
			mu.Unlock()
			return []Finding{{What: fmt.Sprint(i)}}
		})
	}
	found := run(t.Context(), checks)
	for i, f := range found {
		if f.What != fmt.Sprint(i) {
			t.Errorf("finding %d is %s", i, f.What)
		}
	}
	if len(found) != 40 || most != 8 {
		t.Errorf("%d findings, at most %d checks at a time", len(found), most)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	check := func(context.Context) []Finding { n++; cancel(); return nil }
	run(ctx, []func(context.Context) []Finding{check})
	run(ctx, []func(context.Context) []Finding{check})
	if n != 1 {
		t.Errorf("%d checks ran", n)
	}
}
