package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/doctor"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

var house = doctor.Doctor{Command: "cli", Who: "me"}

// want compares findings in a short form: severity, check, app, what, fix.
func want(t *testing.T, findings []doctor.Finding, lines ...string) {
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
	queue, source := &drain.Queue{Name: "APP_shop"}, &drain.EventSource{LastResult: "No records processed"}
	for name, tt := range map[string]struct {
		drain drain.Drain
		want  []string
	}{
		"well": {drain.Drain{State: drain.Active, LogStream: "s", Queue: queue, EventSource: source}, nil},
		"creating": {drain.Drain{State: drain.Creating}, []string{
			"note|drain|shop|the drain is creating: lines wait in the queue meanwhile|wait a minute, and check again"}},
		"disabled": {drain.Drain{State: drain.Disabled}, []string{
			"error|drain|shop|the event source mapping is disabled: lines wait in the queue, for 14 days at most|`cli put -a shop` enables it"}},
		"deleting": {drain.Drain{State: drain.Deleting}, []string{
			"warning|drain|shop|the drain is being deleted|wait a minute; `cli put -a shop` makes it again"}},
		"without a mapping": {drain.Drain{State: drain.Partial, LogStream: "s", Queue: queue}, []string{
			"error|drain|shop|the drain lacks its event source mapping|`cli put -a shop` makes what is missing"}},
		"without more": {drain.Drain{State: drain.Partial, EventSource: source}, []string{
			"error|drain|shop|the drain lacks its log stream and its queue|`cli put -a shop` makes what is missing"}},
		"deleted, its lines kept": {drain.Drain{State: drain.Partial, LogStream: "s"}, []string{
			"note|drain|shop|of this drain only the log stream is left|" +
				"`cli delete -a shop` removes it and its lines; `cli put -a shop` makes the drain again"}},
		"at Heroku only": {drain.Drain{State: drain.None}, []string{
			"error|drain|shop|Heroku sends to a drain that does not exist: its lines are lost|" +
				"`cli put -a shop` makes the drain; `cli delete -a shop` tells Heroku to stop"}},
		"failing": {drain.Drain{State: drain.Active, EventSource: &drain.EventSource{LastResult: "PROBLEM: Function call failed"}}, []string{
			"note|drain|shop|what the event source mapping said last: PROBLEM: Function call failed|" +
				"it stays until the next message; the storage function's log says more"}},
		"slow": {drain.Drain{State: drain.Active, Queue: &drain.Queue{Messages: 900, InFlight: 90, Delayed: 10}}, []string{
			"warning|drain|shop|1000 messages wait in the queue: storing does not keep up|" +
				"see whether AWS throttles; `cli put -a shop --maximum-concurrency 0` lifts the drain's own limit"}},
		"busy": {drain.Drain{State: drain.Active, Queue: &drain.Queue{Messages: 999}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tt.drain.App = "shop"
			want(t, house.Drain(tt.drain), tt.want...)
		})
	}
}

func TestHeroku(t *testing.T) {
	two := []heroku.Drain{{ID: "1"}, {ID: "2"}}
	whole := drain.Drain{App: "shop", State: drain.Active, LogStream: "s", Queue: &drain.Queue{}, EventSource: &drain.EventSource{}}
	kept := drain.Drain{App: "shop", State: drain.Partial, LogStream: "s"}
	for name, side := range map[string]*connect.Subscription{
		"deleted, and told Heroku": {State: connect.Missing}, "deleted, and the app, too": {State: connect.NoApp},
	} {
		t.Run(name, func(t *testing.T) { want(t, house.Heroku(connect.Connection{Drain: kept, Heroku: side})) })
	}
	t.Run("deleted behind Heroku's back", func(t *testing.T) {
		want(t, house.Heroku(connect.Connection{Drain: kept, Heroku: &connect.Subscription{State: connect.Unknown, Ours: two[:1]}}),
			"error|heroku|shop|Heroku sends to a drain whose queue is gone: its lines are lost|"+
				"`cli put -a shop` makes the drain again; `cli delete -a shop` tells Heroku to stop")
	})
	for name, tt := range map[string]struct {
		side *connect.Subscription
		want []string
	}{
		"left out": {nil, nil},
		"present":  {&connect.Subscription{State: connect.Present, Ours: two[:1]}, nil},
		"missing": {&connect.Subscription{State: connect.Missing}, []string{
			"error|heroku|shop|Heroku does not send the app's lines here|`cli put -a shop` tells it to"}},
		"stale": {&connect.Subscription{State: connect.Stale, Ours: two[:1]}, []string{
			"error|heroku|shop|the password in the drain URL at Heroku is no longer good: Heroku's lines are refused, and lost|" +
				"`cli put -a shop` gives Heroku a new one"}},
		"gone": {&connect.Subscription{State: connect.NoApp}, []string{
			"warning|heroku|shop|the app is gone, or this Heroku account has no access to it|" +
				"use the key of an account that has; if the app is gone, `cli delete -a shop`"}},
		"unknown": {&connect.Subscription{State: connect.Unknown, Err: errors.New("no answer")}, []string{
			"warning|heroku|shop|whether Heroku sends the app's lines here cannot be told: no answer|mend that, and check again"}},
		"twice": {&connect.Subscription{State: connect.Present, Ours: two}, []string{
			"warning|heroku|shop|2 drains at Heroku send the app's lines here: they are stored more than once, or refused|" +
				"`cli put -a shop` removes all but one"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, house.Heroku(connect.Connection{Drain: whole, Heroku: tt.side}), tt.want...)
		})
	}
}

func TestAPI(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"no drain": {&apiclient.Error{Status: 404, Code: drain.NotFound, Message: "no"},
			"error|drain|shop|there is no drain|`cli put -a shop` makes it"},
		"not allowed": {&apiclient.Error{Status: 403, Message: "Forbidden"},
			"error|policy||me may not do execute-api:Invoke on the drains API: Forbidden|allow it in IAM; " +
				"if it is allowed, the region or the clock is wrong, by which requests are signed (--region, --profile)"},
		"Heroku's limit": {&heroku.Error{Kind: heroku.ErrRateLimited, Status: 429, Message: "slow"},
			"error|heroku|shop|list: " + (&heroku.Error{Kind: heroku.ErrRateLimited, Status: 429, Message: "slow"}).Error() +
				"|mend that, or give --no-heroku"},
		"another program": {&apiclient.Error{Status: 501, Foreign: true, Message: "no"},
			"error|api||ask the drains API: list: what answers is not a drains API (HTTP 501: no)|" +
				"give the right address: --api-url, or --stack"},
		"broken": {&apiclient.Error{Status: 500, Code: "InternalError", Message: "no", RequestID: "r1"},
			"error|api||ask the drains API: list: no (request ID r1)|the drains function's log says why"},
		"no network": {errors.New("no route to host"),
			"error|api||ask the drains API: list: no route to host|see that this machine reaches the network, and the API's address is right"},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, house.API("shop", fmt.Errorf("list: %w", tt.err)), tt.want)
		})
	}
}

func TestFixesOnThisMachine(t *testing.T) {
	local := doctor.Doctor{Command: "cli", Local: true}
	const start = "start the system on this machine: `cli local`; --local-api-url and --local-aws-url say where it is"
	want(t, local.API("", errors.New("refused")), "error|api||ask the drains API: refused|"+start)
	want(t, local.API("", &apiclient.Error{Status: 404, Foreign: true, Message: "no"}),
		"error|api||ask the drains API: what answers is not a drains API (HTTP 404: no)|"+start)
	want(t, local.API("shop", &apiclient.Error{Status: 404, Code: drain.NotFound}),
		"error|drain|shop|there is no drain|`cli --local put -a shop` makes it")
}

func TestTrouble(t *testing.T) {
	of := func(s doctor.Severity) doctor.Finding { return doctor.Finding{Severity: s} }
	note, warning, severe := of(doctor.Note), of(doctor.Warning), of(doctor.Error)
	for _, tt := range []struct {
		findings []doctor.Finding
		want     bool
	}{{nil, false}, {[]doctor.Finding{note, note}, false}, {[]doctor.Finding{note, warning}, true}, {[]doctor.Finding{severe}, true}} {
		if got := doctor.Trouble(tt.findings); got != tt.want {
			t.Errorf("%v: %t", tt.findings, got)
		}
	}
}

func TestRunKeepsTheOrderAndRunsSomeAtATime(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	var checks []func(context.Context) []doctor.Finding
	together := make(chan struct{}, 1)
	for i := range 40 {
		checks = append(checks, func(context.Context) []doctor.Finding {
			mu.Lock()
			running++
			if most = max(most, running); most == 8 {
				select {
				case <-together:
				default:
					close(together) // eight are running: the others may go on
				}
			}
			mu.Unlock()
			<-together
			mu.Lock()
			running--
			mu.Unlock()
			return []doctor.Finding{{What: fmt.Sprint(i)}}
		})
	}
	found := doctor.Run(t.Context(), checks)
	for i, f := range found {
		if f.What != fmt.Sprint(i) {
			t.Errorf("finding %d is %s", i, f.What)
		}
	}
	if len(found) != 40 || most != 8 {
		t.Errorf("%d findings, at most %d at a time", len(found), most)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	check := func(context.Context) []doctor.Finding { n++; cancel(); return nil }
	doctor.Run(ctx, []func(context.Context) []doctor.Finding{check})
	doctor.Run(ctx, []func(context.Context) []doctor.Finding{check})
	if n != 1 {
		t.Errorf("%d checks ran", n)
	}
}
