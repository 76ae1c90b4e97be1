package connect_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// timedAPI records when it is called.
type timedAPI struct {
	connect.API
	connect.Logs
	mu    sync.Mutex
	times map[string][]time.Time
}

func (a *timedAPI) note(route string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times[route] = append(a.times[route], time.Now())
}

func (a *timedAPI) Put(context.Context, string, drain.Patch) (drain.Drain, bool, error) {
	a.note("PUT")
	return drain.Drain{}, false, nil
}

func (a *timedAPI) Get(context.Context, string) (drain.Drain, error) {
	a.note("GET")
	return drain.Drain{}, nil
}

func (a *timedAPI) FilterLogEvents(context.Context, *cloudwatchlogs.FilterLogEventsInput, ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	a.note("FilterLogEvents")
	return &cloudwatchlogs.FilterLogEventsOutput{}, nil
}

func (a *timedAPI) StartQuery(context.Context, *cloudwatchlogs.StartQueryInput, ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.StartQueryOutput, error) {
	a.note("StartQuery")
	return &cloudwatchlogs.StartQueryOutput{}, nil
}

func (a *timedAPI) GetQueryResults(context.Context, *cloudwatchlogs.GetQueryResultsInput, ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.GetQueryResultsOutput, error) {
	a.note("GetQueryResults")
	return &cloudwatchlogs.GetQueryResultsOutput{}, nil
}

// AWS throttles FilterLogEvents at five calls per second in the smallest Regions, and the stack throttles each route of the API at
// stack.ManagementRate. The CLI leaves half of that to others.
func TestPacedStaysBelowTheQuotas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		timed := &timedAPI{times: map[string][]time.Time{}}
		c := (&connect.Connector{API: timed, Logs: timed, Wait: clock.Sleep}).Paced()
		var calls sync.WaitGroup
		for range 50 {
			calls.Go(func() {
				_, _, putErr := c.API.Put(t.Context(), "shop", drain.Patch{})
				_, getErr := c.API.Get(t.Context(), "shop")
				_, logsErr := c.Logs.FilterLogEvents(t.Context(), nil)
				_, startErr := c.Logs.StartQuery(t.Context(), nil)
				_, resultsErr := c.Logs.GetQueryResults(t.Context(), nil)
				if err := errors.Join(putErr, getErr, logsErr, startErr, resultsErr); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		for route, rate := range map[string]int{
			"PUT": stack.ManagementRate / 2, "GET": stack.ManagementRate / 2, "FilterLogEvents": 5, "StartQuery": 5, "GetQueryResults": 5,
		} {
			times := timed.times[route]
			slices.SortFunc(times, time.Time.Compare)
			if len(times) != 50 {
				t.Errorf("%s: %d calls", route, len(times))
			}
			for i := rate; i < len(times); i++ {
				if times[i].Sub(times[i-rate]) < time.Second {
					t.Fatalf("%s: more than %d calls in one second", route, rate)
				}
			}
		}
	})
}

// The time for which an app waits for its turn does not count for what its work may take.
func TestWaitingForATurnDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		timed := &timedAPI{times: map[string][]time.Time{}}
		c := (&connect.Connector{API: timed, Logs: timed, Wait: clock.Sleep}).Paced()
		var calls sync.WaitGroup
		for range 100 {
			calls.Go(func() {
				ctx, cancel := deadline.Limit(t.Context(), time.Second)
				defer cancel()
				if _, err := c.API.Get(ctx, "shop"); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	})
}

// Each drain that is read or changed costs a call of Lambda's control plane, and a new, changed or deleted mapping another one. Lambda allows an
// account 15 a second. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
func TestPacedStaysBelowLambdasRate(t *testing.T) {
	t.Parallel()
	reads, changes := time.Second/connect.APIPace, time.Second/connect.APIPace
	if calls := int(reads + 2*changes); calls > awslocal.Rates()["lambda"] {
		t.Errorf("%d calls of Lambda a second, but %d are allowed", calls, awslocal.Rates()["lambda"])
	}
}
