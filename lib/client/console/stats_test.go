package console_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// stats is the answer of /api/stats.
type stats struct {
	From      time.Time             `json:"from"`
	Minutes   int                   `json:"minutes"`
	Status    map[string][]int      `json:"status"`
	ServiceMS map[string][]*float64 `json:"service_ms"`
	Lines     map[string][]int      `json:"lines"`
}

// routed returns a line of Heroku's router.
func routed(status, service int) string {
	return fmt.Sprintf(`heroku[router]: at=info method=GET path="/x service=1ms status=599 bytes=1" host=shop.example.com request_id=1 fwd="192.0.2.1" `+
		`dyno=web.1 connect=0ms service=%dms status=%d bytes=9 protocol=https`, service, status)
}

// serveAt serves a page whose clock only the test moves.
func serveAt(t *testing.T) (s *site, advance func(time.Duration)) {
	start := time.Now()
	var moved atomic.Int64
	s = serve(t, func(o *console.Options) {
		o.Now = func() time.Time { return start.Add(time.Duration(moved.Load())) }
	})
	return s, func(d time.Duration) { moved.Add(int64(d)) }
}

func TestStatsOfTheLastHour(t *testing.T) {
	s, _ := serveAt(t)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	at := time.Now().Add(-30 * time.Minute).Truncate(time.Minute) // so that all are of one minute
	s.store("shop", at, routed(200, 100), routed(302, 200), routed(404, 300), routed(503, 400), "app[web.1]: "+routed(500, 9999), "app[web.1]: hello")
	s.store("blog", at, routed(200, 10), // and JSON of an app with the names of the query's columns
		fmt.Sprintf(`{"time":%q,"app":"blog","source":"app","process":"web.1","message":"","httpStatus":599,"serviceMs":9,"status5":5,"lineKind":"router"}`,
			at.UTC().Format(time.RFC3339Nano)))
	s.system.AWS.Advance(2 * time.Second) // queries find lines late
	var all, shop stats
	s.get("/api/stats", &all)
	s.get("/api/stats?app=shop", &shop)
	m := int(at.Sub(shop.From) / time.Minute)
	if shop.Minutes != 60 || m < 25 || m > 35 {
		t.Fatalf("from %s, %d minutes", shop.From, shop.Minutes)
	}
	for class, want := range map[string]int{"1xx": 0, "2xx": 1, "3xx": 1, "4xx": 1, "5xx": 1} {
		if got := shop.Status[class]; len(got) != 60 || got[m] != want || got[m-1] != 0 {
			t.Errorf("%s: %v, want %d", class, got, want)
		}
	}
	if all.Status["2xx"][m] != 2 || all.Lines["shop"][m] != 6 || all.Lines["blog"][m] != 2 || all.Status["5xx"][m] != 1 || len(shop.Lines) != 1 {
		t.Errorf("all %+v", all)
	}
	for name, want := range map[string]float64{"p50": 200, "p95": 400, "p99": 400} {
		if got := shop.ServiceMS[name]; len(got) != 60 || got[m] == nil || *got[m] != want || got[m-1] != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	// Of five requests, of two apps, the middle one took 200 ms: an estimate may be between its neighbors.
	if got := all.ServiceMS["p50"][m]; got == nil || *got < 100 || *got > 300 {
		t.Errorf("p50 of both apps: %v", got)
	}
	if got := all.ServiceMS["p99"][m]; got == nil || *got < 300 || *got > 400 {
		t.Errorf("p99 of both apps: %v", got)
	}
	var drains struct {
		Data []struct {
			App            string     `json:"app"`
			LastLineAt     *time.Time `json:"last_line_at"`
			LinesPerMinute []int      `json:"lines_per_minute"`
		} `json:"data"`
	}
	s.get("/api/drains", &drains)
	if len(drains.Data) != 2 || drains.Data[1].App != "shop" || len(drains.Data[1].LinesPerMinute) != 60 || drains.Data[1].LinesPerMinute[m] != 6 ||
		drains.Data[1].LastLineAt == nil {
		t.Errorf("drains %+v", drains)
	}
}

// AWS charges for what a query scans, so all pages share one, and without a page there is none.
func TestPagesShareOneQuery(t *testing.T) {
	s, advance := serveAt(t)
	s.put("shop", drain.Patch{})
	var queries atomic.Int32
	t.Cleanup(s.system.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == "StartQuery" && !strings.Contains(string(c.Input), "/aws/lambda/") { // not that of the ledger
			queries.Add(1)
		}
	}))
	viewers := make(chan int)
	for range 8 {
		r := s.request("GET", "/api/stats", "")
		go func() {
			resp, err := s.client().Do(r)
			if err != nil {
				viewers <- 0
				return
			}
			resp.Body.Close()
			viewers <- resp.StatusCode
		}()
	}
	for range 8 {
		if status := <-viewers; status != 200 {
			t.Errorf("status %d", status)
		}
	}
	s.get("/api/stats", &stats{})
	s.get("/api/stats?app=shop", &stats{})
	s.get("/api/drains", &struct{}{})
	if n := queries.Load(); n != 1 {
		t.Errorf("%d queries for 11 requests", n)
	}
	advance(time.Hour)
	s.system.AWS.Advance(time.Hour)
	if n := queries.Load(); n != 1 {
		t.Errorf("%d queries without a page", n)
	}
	s.get("/api/stats", &stats{})
	if n := queries.Load(); n != 2 {
		t.Errorf("%d queries after an hour", n)
	}
	s.get("/api/drains", &struct{}{}) // the last answer, while the next query runs
	advance(time.Minute)
	s.get("/api/drains", &struct{}{})
	localtest.Eventually(t, "the next query", func() bool { return queries.Load() == 3 })
}
