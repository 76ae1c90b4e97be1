package main

import (
	"bytes"
	"math"
	"net/http"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/memory"
)

// fleets are the paths on which the number of apps could matter.
var fleets = []struct {
	make func(cfg aws.Config, size, apps, events int) (fleet, error)
	size int
}{{storageFleet, 10}, {storageFleet, 1}, {ingestFleet, 10}, {ingestFleet, 1}}

// BenchmarkApps measures what a line costs if all POSTs are of one app, and if they are of 1,000, in turns: the fastest round of each counts. The metric
// x-one is the time over that with one app.
func BenchmarkApps(b *testing.B) {
	const events = 1000 // of a round
	for _, path := range fleets {
		var both [2]fleet
		for i, apps := range []int{1, 1000} {
			var err error
			if both[i], err = path.make(newWire("text").config(), path.size, apps, events); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(both[0].String(), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(memory.GCPercent))
			best := [2]float64{math.Inf(1), math.Inf(1)} // a line's
			for b.Loop() {
				for i, f := range both {
					begin := cpuTime()
					if err := f.round(b.Context()); err != nil {
						b.Fatal(err)
					}
					best[i] = min(best[i], float64((cpuTime()-begin).Nanoseconds())/float64(f.lines))
				}
			}
			b.ReportMetric(best[0], "one-cpu-ns/line")
			b.ReportMetric(best[1], "many-cpu-ns/line")
			b.ReportMetric(best[1]/best[0], "x-one")
		})
	}
}

// counter counts the requests to AWS that name each app.
type counter struct {
	*wire
	apps map[string]int
}

func (c counter) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.wire.RoundTrip(r)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	for _, name := range []string{"a000", "a001", "a002"} {
		if bytes.Contains(c.body.Bytes(), []byte(name)) {
			c.apps[operation+" "+name]++
		}
	}
	return answer, err
}

// Every app must get its own lines and settings, or the benchmark would measure something else.
func TestFleets(t *testing.T) {
	t.Parallel()
	want := []map[string]int{{}, {}}
	for _, name := range []string{"a000", "a001", "a002"} {
		want[0]["PutLogEvents "+name], want[0]["ListQueueTags "+name] = 1+2*settingsRounds, 2
		want[1]["SendMessage "+name] = 2 * (1 + settingsRounds)
	}
	for i, path := range []int{0, 2} {
		c := counter{newWire("text"), map[string]int{}}
		cfg := c.config()
		cfg.HTTPClient = &http.Client{Transport: c}
		f, err := fleets[path].make(cfg, 1, 3, 6)
		if err != nil {
			t.Fatal(err)
		}
		for range settingsRounds {
			if err := f.round(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want[i], c.apps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f, diff)
		}
	}
}
