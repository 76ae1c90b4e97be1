package meter_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/meter"
)

func TestCounts(t *testing.T) {
	m := meter.New()
	storage, drains := meter.Key{Unit: meter.QueueRequests, Caller: "storage"}, meter.Key{Unit: meter.QueueRequests, Caller: "drains"}
	m.Add(drains, 1)
	var adding sync.WaitGroup
	for range 10 {
		adding.Go(func() {
			m.Add(storage, 2)
			m.Add(drains, 1)
			m.Add(meter.Key{Unit: meter.Invocations}, 0)
		})
	}
	adding.Wait()
	if diff := cmp.Diff([]meter.Count{{Key: drains, Units: 11}, {Key: storage, Units: 20}}, m.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	var none *meter.Meter
	none.Add(storage, 1) // does nothing
}

func TestParts(t *testing.T) {
	for bytes, want := range map[int]int64{0: 1, 1: 1, 64: 1, 65: 2, 128: 2, 129: 3} {
		if got := meter.Parts(bytes, 64); got != want {
			t.Errorf("%d bytes are %d parts of 64, want %d", bytes, got, want)
		}
	}
}
