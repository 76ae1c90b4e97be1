package metering_test

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/local/metering"
	"heroku-drains/lib/stack"
)

// posts returns how many POSTs are sent: full batches in any case.
func posts() float64 {
	if localtest.RaceDetector {
		return 200
	}
	return 1000
}

const (
	postSize = 10_000 // bytes
	senders  = 4      // send at the same time, so that the test does not take long
)

// The meter and the formula of docs/costs agree on what a POST of 10 kB costs on its way to CloudWatch Logs.
func TestTheMeterAgreesWithTheFormula(t *testing.T) {
	system := localtest.Start(t, local.Options{Rules: noRules(t)})
	server := system.AWS
	d, _, err := clienttest.API(t, server).Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	// Lambda receives nothing until all is sent, so that all batches are full, as the formula has them.
	receive(t, server, false)
	// On a busy machine, the drains function may not get the response to a call in time, and repeat it. Then the queue has the message twice.
	var sends atomic.Int64
	t.Cleanup(server.OnCall(func(c awslocal.Call) {
		if c.Operation == "SendMessage" && c.AccessKeyID == stack.LocalDrainsFunction {
			sends.Add(1)
		}
	}))
	before := pipe(server.Metered())
	sent := send(t, d.DrainURL)
	receive(t, server, true)
	localtest.Eventually(t, "all messages are deleted", func() bool { return server.Backlog(stack.DefaultQueuePrefix+"shop") == (awslocal.Backlog{}) })
	got := metering.Between(before, pipe(server.Metered())).System

	mean := float64(sent.Bytes) / posts()
	want := cost.Posts(posts(), mean, cost.BatchSize).Plus(cost.Lines(float64(sent.Bytes)*cost.Text.Billed(), cost.Standard, 0))
	repeated := float64(sends.Load()) - posts()
	for part, n := range map[string]struct{ got, want, tolerance, more float64 }{
		"requests to the API":      {got.GatewayRequests, want.GatewayRequests, 0, 0},
		"requests of SQS":          {got.SQSRequests, want.SQSRequests, 0, 3 * repeated}, // sent, received and deleted
		"drains, invocations":      {got.Drains.Requests, want.Drains.Requests, 0, 0},
		"storage, invocations":     {got.Storage.Requests, want.Storage.Requests, 0, repeated},
		"bytes of lines":           {got.LogBytes, want.LogBytes, 0.05, 0},
		"bytes of the own logs":    {got.OwnLogBytes, want.OwnLogBytes, 0.15, 0},
		"bytes in the other class": {got.LogBytesInfrequent, 0, 0, 0},
	} {
		if math.Abs(n.got-n.want) > n.tolerance*n.want+n.more {
			t.Errorf("%s: the meter says %.0f, and the formula %.0f", part, n.got, n.want)
		}
	}
	if got.Drains.GBSeconds <= 0 || got.Storage.GBSeconds <= 0 {
		t.Errorf("the functions took no time: %+v", got)
	}
	report(t, got, want)
}

// report prints what a million POSTs cost by the meter and by the formula. The functions' time is an assumption of the formula, so they differ.
func report(t *testing.T, got, want cost.Usage) {
	t.Helper()
	prices, _ := cost.In(cost.USEast1)
	total, formula := 0.0, 0.0
	expected := want.Bill(prices)
	for i, item := range got.Bill(prices) {
		if item.Part == "CloudWatch Logs, ingest" || item.Dollars+expected[i].Dollars == 0 {
			continue // the lines are not part of the pipe
		}
		t.Logf("%-28s $%.3f by the meter, $%.3f by the formula", item.Part, item.Dollars*1e6/posts(), expected[i].Dollars*1e6/posts())
		total, formula = total+item.Dollars*1e6/posts(), formula+expected[i].Dollars*1e6/posts()
	}
	t.Logf("a million POSTs of 10 kB cost $%.2f by the meter, $%.2f by the formula, without CloudWatch's ingest of the lines", total, formula)
	milliseconds := func(f cost.Function, memoryMB float64) float64 {
		return f.GBSeconds / f.Requests * 1024 / memoryMB * 1000
	}
	t.Logf("time: drains %.1f ms (formula: %.0f), storage %.1f ms (formula: %.0f)", milliseconds(got.Drains, stack.DrainsMemoryMB), cost.IngestTime*1000,
		milliseconds(got.Storage, stack.StorageMemoryMB), cost.StorageTime*1000)
}

// receive lets Lambda receive the messages of shop, or not.
func receive(t *testing.T, server *awslocal.Server, enabled bool) {
	t.Helper()
	client := lambda.NewFromConfig(server.Config())
	list, err := client.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: aws.String(stack.LocalStorageFunction)})
	localtest.Must(t, err)
	_, err = client.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: list.EventSourceMappings[0].UUID, Enabled: &enabled})
	localtest.Must(t, err)
}

// send sends all POSTs, and returns the totals.
func send(t *testing.T, drainURL string) simulate.Totals {
	t.Helper()
	var mu sync.Mutex
	var all simulate.Totals
	var sending sync.WaitGroup
	for i := range senders {
		sending.Go(func() {
			generator := simulate.New("shop", uint64(i)+1)
			sender, err := delivery.NewSender(drainURL, generator.Token())
			if err != nil {
				t.Error(err)
				return
			}
			defer sender.Close()
			for range int(posts()) / senders {
				r, err := sender.Send(t.Context(), generator.Batch(time.Now(), delivery.MaxLines, postSize))
				if err != nil || r.Lost || r.Tries > 1 {
					t.Errorf("sent %+v, error %v", r, err)
				}
				mu.Lock()
				all.Add(r)
				mu.Unlock()
			}
		})
	}
	sending.Wait()
	return all
}

// pipe leaves out what the formula of the POSTs leaves out: the storage function's calls of SQS, which read the settings of each drain now and then and
// report releases, and the queue that takes these reports.
func pipe(m awslocal.Metered) awslocal.Metered {
	m.Counts = slices.DeleteFunc(m.Counts, func(c awslocal.Count) bool {
		return c.Unit == awslocal.QueueRequests && (c.Caller == stack.LocalStorageFunction || c.Resource == stack.LocalAlertsQueue)
	})
	return m
}

// noRules returns a set in which all rules are off, because what matches rules costs more: see docs/costs.md.
func noRules(t *testing.T) *alert.Set {
	t.Helper()
	off := alert.Config{}
	for _, d := range alert.Catalogue() {
		if off[d.Rule.Kind] == nil {
			off[d.Rule.Kind] = map[string]alert.Change{}
		}
		off[d.Rule.Kind][d.Rule.Name] = alert.Change{Off: new(true)}
	}
	set, err := alert.Compile(off)
	localtest.Must(t, err)
	return set
}
