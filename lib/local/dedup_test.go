package local_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// With durable dedup, each message is claimed before it is stored, and marked afterwards. Otherwise, DynamoDB is not called.
func TestDedup(t *testing.T) {
	for dedup, want := range map[stack.Dedup]int32{stack.DedupDurable: 2, stack.DedupWarm: 0} {
		t.Run(string(dedup), func(t *testing.T) {
			t.Parallel()
			system := localtest.Start(t, local.Options{Dedup: dedup, TransitionTime: time.Second})
			var writes, puts atomic.Int32
			var known sync.Map // a busy machine may repeat a call, with the same body
			t.Cleanup(system.AWS.OnCall(func(c awslocal.Call) {
				switch c.Operation {
				case "PutItem":
					if _, repeated := known.LoadOrStore(string(c.Input), true); !repeated {
						writes.Add(1)
					}
				case "PutLogEvents":
					puts.Store(writes.Load())
				}
			}))
			d, _, err := clienttest.API(t, system.AWS).Put(t.Context(), "shop", drain.Patch{})
			localtest.Must(t, err)
			system.AWS.Advance(time.Second)
			sender, err := delivery.NewSender(d.DrainURL, "d.test")
			localtest.Must(t, err)
			if r, err := sender.Send(t.Context(), simulate.New("shop", 1).Batch(time.Now(), 3, delivery.MaxBytes)); err != nil || r.Lost {
				t.Fatalf("sent %+v, %v", r, err)
			}
			localtest.Eventually(t, "the lines are stored, and marked", func() bool {
				return len(localtest.StoredLines(t, system.AWS, "shop")) == 3 && writes.Load() >= want
			})
			if writes.Load() != want || puts.Load() != want/2 {
				t.Errorf("%d writes of DynamoDB, %d of them before the put; want %d", writes.Load(), puts.Load(), want)
			}
		})
	}
}
