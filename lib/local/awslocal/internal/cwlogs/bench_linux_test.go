package cwlogs_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// usualLines returns lines as apps and the router print them, the same ones each time.
func usualLines(count int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, count)
	for i := range lines {
		switch id := fmt.Sprintf("%016x", rng.Uint64()); {
		case i%2 == 0:
			lines[i] = fmt.Sprintf(`heroku[router]: at=info method=GET path="/products/%d" host=shop.example.com request_id=%s-a0b1-%s fwd="203.0.113.%d" `+
				`dyno=web.%d connect=0ms service=%dms status=200 bytes=%d protocol=http1.1 tls=true tls_version=tls1.3`,
				rng.IntN(100_000), id[:8], id[4:], rng.IntN(255), 1+rng.IntN(4), rng.IntN(500), rng.IntN(50_000))
		case i%4 == 1:
			lines[i] = fmt.Sprintf(`app[web.%d]: {"level":"info","msg":"request handled","status":200,"duration_ms":%.2f,"request_id":%q,"user":{"id":%d,"plan":"pro"}}`,
				1+rng.IntN(4), rng.Float64()*300, id, rng.IntN(10_000))
		default:
			lines[i] = fmt.Sprintf("app[web.%d]: Completed 200 OK in %dms (Views: %.1fms | ActiveRecord: %.1fms)", 1+rng.IntN(4), rng.IntN(400), rng.Float64()*90, rng.Float64()*60)
		}
	}
	return lines
}

// BenchmarkLines stores lines in batches of 50, in 10 streams, and finds all of them in pages. The metric B/line is the memory that is in use afterwards.
func BenchmarkLines(b *testing.B) {
	const count, batch, streams = 200_000, 50, 10
	lines := usualLines(count)
	names := make([]string, streams)
	for i := range names {
		names[i] = fmt.Sprint("[APP]app-", i)
	}
	bodies := func(start time.Time) []string {
		var all []string
		for n := 0; n < count; n += batch {
			events := make([]event, batch)
			for i := range events {
				events[i] = event{Timestamp: start.Add(time.Duration(n+i) * time.Millisecond).UnixMilli(), Message: lines[n+i]}
			}
			body, err := json.Marshal(object{"logGroupName": "g", "logStreamName": names[n/batch%streams], "logEvents": events})
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, string(body))
		}
		return all
	}
	l := newStreams(b, names...)
	calls := bodies(l.Now().Add(-time.Hour))
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	// perLine measures the processor's time, because that of the clock depends on what else runs.
	perLine := func(b *testing.B) (report func()) {
		begin := cpuTime(b)
		return func() { b.ReportMetric(float64((cpuTime(b)-begin).Nanoseconds())/float64(b.N)/count, "cpu-ns/line") }
	}
	b.Run("put", func(b *testing.B) {
		before := used()
		defer perLine(b)()
		for b.Loop() {
			l = newStreams(b, names...)
			for _, body := range calls {
				l.raw("PutLogEvents", body)
			}
		}
		b.ReportMetric(float64(used()-before)/count, "B/line")
	})
	search := func(in object) func(*testing.B) {
		return func(b *testing.B) {
			defer perLine(b)()
			for b.Loop() {
				for token := ""; ; {
					if token != "" {
						in["nextToken"] = token
					}
					body, _ := json.Marshal(in)
					var out struct{ NextToken string }
					text := l.raw("FilterLogEvents", string(body))
					// The token is at the end, and decoding the events would take longer than finding them.
					at := len(text) - 1
					for text[at] != '[' {
						at--
					}
					_ = json.Unmarshal(append([]byte(`{"x":`), text[at:]...), &out)
					if token = out.NextToken; token == "" {
						break
					}
				}
				delete(in, "nextToken")
			}
		}
	}
	b.Run("filter", search(object{"logGroupName": "g"}))
	b.Run("search", search(object{"logGroupName": "g", "filterPattern": `"nothing has this"`}))
	b.Run("get", func(b *testing.B) {
		defer perLine(b)()
		for b.Loop() {
			for _, name := range names {
				for token := ""; ; {
					in := object{"logGroupName": "g", "logStreamName": name, "startFromHead": true}
					if token != "" {
						in["nextToken"] = token
					}
					body, _ := json.Marshal(in)
					text := l.raw("GetLogEvents", string(body))
					at := len(text) - 1
					for text[at] != ']' {
						at--
					}
					var out struct{ NextForwardToken string }
					_ = json.Unmarshal(append([]byte(`{"x":[`), text[at:]...), &out)
					if out.NextForwardToken == token {
						break
					}
					token = out.NextForwardToken
				}
			}
		}
	})
}

// cpuTime returns the time that processors have spent on this process.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
