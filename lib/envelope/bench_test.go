package envelope_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
)

// traffic returns a body of about size bytes, with lines such as a web app produces.
func traffic(size int) []byte {
	at := func(i, micros int) time.Time {
		return time.Date(2024, 3, 5, 14, 7, i%60, micros%1_000_000*1000, time.UTC)
	}
	var body []byte
	for i := 0; len(body) < size; i++ {
		router := logplex.Line{Priority: logplex.PriorityRouter, Time: at(i, i*7919), Source: []byte("heroku"), Process: []byte("router"), Newline: true}
		router.Message = fmt.Appendf(nil, "at=info method=GET path=\"/carts/%d\" host=shop.example.com "+
			"request_id=%08x-6a83-4c12-8269-%012x fwd=\"203.0.113.%d\" dyno=web.%d connect=0ms service=%dms status=200 bytes=%d protocol=https",
			i*31, i*2654435761, i*40503, i%256, i%4+1, i%97, i*13%9000)
		dyno := logplex.Line{Priority: logplex.PriorityDyno, Time: at(i, i*7907), Source: []byte("app"), Newline: true}
		dyno.Process = fmt.Appendf(nil, "web.%d", i%4+1)
		dyno.Message = fmt.Appendf(nil, "\x1b[36mCart Load (%d.%dms)\x1b[0m SELECT * FROM carts WHERE id = %d", i%5, i%10, i*31)
		body = logplex.AppendFrame(body, logplex.AppendLine(nil, router))
		body = logplex.AppendFrame(body, logplex.AppendLine(nil, dyno))
	}
	return body
}

// sizes are the bodies of a quiet app, of a full batch of Logplex's, and the largest that a function receives.
var sizes = []struct {
	name string
	size int
}{{"10KB", 10_000}, {"100KiB", 100 << 10}, {"4MB", 4_000_000}}

func BenchmarkSeal(b *testing.B) {
	for _, s := range sizes {
		body := base64.StdEncoding.EncodeToString(traffic(s.size))
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(s.size))
			sent := 0
			for b.Loop() {
				sealed, err := envelope.Seal(header, body, true)
				if err != nil {
					b.Fatal(err)
				}
				sent = 0
				for _, m := range sealed {
					sent += len(m)
				}
			}
			b.ReportMetric(float64(sent), "sealed-bytes")
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, s := range sizes {
		sealed, err := envelope.Seal(header, base64.StdEncoding.EncodeToString(traffic(s.size)), true)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(s.size))
			for b.Loop() {
				for _, m := range sealed {
					if _, err := envelope.Open(m); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
