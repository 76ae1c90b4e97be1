package main

import (
	"bytes"
	"net/http"
	"runtime/debug"
	"slices"
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

// BenchmarkApps measures what a line costs if all POSTs are of one app, and if they are of 1,000: the medians of rounds in turns. The metric x-one is the
// median of the time of a round with 1,000 apps over that of the one before it.
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
			var times [2][]float64 // a line's
			var ratios []float64
			for b.Loop() {
				for i, f := range both {
					begin := cpuTime()
					if err := f.round(b.Context()); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], float64((cpuTime()-begin).Nanoseconds())/float64(f.lines))
				}
				last := len(times[0]) - 1
				ratios = append(ratios, times[1][last]/times[0][last])
			}
			b.ReportMetric(middle(times[0]), "one-cpu-ns/line")
			b.ReportMetric(middle(times[1]), "many-cpu-ns/line")
			b.ReportMetric(middle(ratios), "x-one")
		})
	}
}

// middle returns the median.
func middle(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
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
