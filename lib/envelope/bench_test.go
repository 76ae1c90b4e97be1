package envelope_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
)

// traffic is a body of about so many bytes, of the lines that a web app makes.
func traffic(size int) []byte {
	var body []byte
	for i := 0; len(body) < size; i++ {
		router := fmt.Sprintf("<158>1 2024-03-05T14:07:%02d.%06d+00:00 host heroku router - at=info method=GET path=\"/carts/%d\" host=shop.example.com "+
			"request_id=%08x-6a83-4c12-8269-%012x fwd=\"203.0.113.%d\" dyno=web.%d connect=0ms service=%dms status=200 bytes=%d protocol=https\n",
			i%60, i*7919%1_000_000, i*31, i*2654435761, i*40503, i%256, i%4+1, i%97, i*13%9000)
		dyno := fmt.Sprintf("<190>1 2024-03-05T14:07:%02d.%06d+00:00 host app web.%d - \x1b[36mCart Load (%d.%dms)\x1b[0m SELECT * FROM carts WHERE id = %d\n",
			i%60, i*7907%1_000_000, i%4+1, i%5, i%10, i*31)
		body = logplex.AppendFrame(body, []byte(router))
		body = logplex.AppendFrame(body, []byte(dyno))
	}
	return body
}

// What a quiet app and what a busy app sends: as the gateway hands it over, and as Logplex fills its batches.
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
