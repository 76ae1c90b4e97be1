package cwlogs_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestOrder puts events in many calls, with times that go back and forth. Searches over both streams must return them by time and then by
// arrival, from either end.
func TestOrder(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			l := newStreams(t, "a", "b")
			base := l.Now().Add(-time.Hour).UnixMilli()
			spread := 1 + random.Int64N(100_000) // from all events in one millisecond to almost none
			var want []event
			for range 80 {
				batch := make([]event, 1+random.IntN(60))
				for i := range batch {
					batch[i].Timestamp = base + random.Int64N(spread)
				}
				slices.SortFunc(batch, func(x, y event) int { return int(x.Timestamp - y.Timestamp) })
				for i := range batch {
					batch[i].Message = fmt.Sprintf("event %d", len(want)+i)
				}
				l.put(t, []string{"a", "b"}[random.IntN(2)], batch)
				l.Advance(time.Duration(random.IntN(2)) * time.Millisecond)
				want = append(want, batch...)
			}
			slices.SortStableFunc(want, func(x, y event) int { return int(x.Timestamp - y.Timestamp) })
			var wanted []string
			for _, e := range want {
				wanted = append(wanted, e.Message)
			}
			got, _ := l.filter(t, object{"limit": 50 + random.IntN(500)})
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Fatalf("from the beginning (-want +got):\n%s", diff)
			}
			slices.Reverse(wanted)
			got, _ = l.filter(t, object{"limit": 50 + random.IntN(500), "startFromHead": false, "startTime": base})
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Fatalf("from the end (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConcurrentWriters puts events into a few streams from 20 goroutines while others read. In the end, every event must be there exactly
// once and in order.
func TestConcurrentWriters(t *testing.T) {
	const writers, puts = 20, 25
	names := []string{"a", "b", "c"}
	l := newStreams(t, names...)
	start := l.Now().Add(-time.Minute)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range puts {
				first, second := fmt.Sprintf("%d/%d/1", w, i), fmt.Sprintf("%d/%d/2", w, i)
				l.put(t, names[w%len(names)], events(start.Add(time.Duration(i)*time.Second), first, second))
			}
		})
	}
	for range 3 {
		wg.Go(func() {
			for range 10 {
				l.filter(t, object{"filterPattern": "%/1$%"})
				l.must(t, "GetLogEvents", object{"logGroupName": "g", "logStreamName": "a"}, nil)
				l.must(t, "DescribeLogStreams", object{"logGroupName": "g"}, nil)
				l.must(t, "DescribeLogGroups", object{}, nil)
			}
		})
	}
	wg.Wait()
	var times []int64
	var messages []string
	in := object{"logGroupName": "g"}
	for {
		var page struct {
			Events    []event
			NextToken string
		}
		l.must(t, "FilterLogEvents", in, &page)
		for _, e := range page.Events {
			times, messages = append(times, e.Timestamp), append(messages, e.Message)
		}
		if page.NextToken == "" {
			break
		}
		in["nextToken"] = page.NextToken
	}
	if !slices.IsSorted(times) {
		t.Error("the events are not in chronological order")
	}
	slices.Sort(messages)
	if n := len(slices.Compact(messages)); n != writers*puts*2 || len(messages) != n {
		t.Errorf("%d events, %d different ones, want %d of each", len(messages), n, writers*puts*2)
	}
}
