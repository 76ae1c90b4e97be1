package alert_test

import (
	"testing"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
)

// Lines that match nothing, as most do.
var usual = map[string][3]string{
	"app":     {"app", "web.1", "request 7be66ccf05a3b08c took 12 ms and found 3 rows, of which 1b2c3d4e5f607182 and 98a7b6c5d4e3f201 were new"},
	"json":    {"app", "web.1", `{"level":"info","msg":"order paid","order":17,"amount":12.5,"user":{"id":42}}`},
	"router":  {"heroku", "router", `at=info method=GET path="/orders/17" host=shop.herokuapp.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=1234 protocol=https`},
	"metrics": {"heroku", "web.1", "source=web.1 dyno=heroku.2808254.d97d0ea7-cf3d-411b-b453-d2943a50b456 sample#memory_total=21.22MB sample#memory_rss=21.22MB sample#memory_cache=0.00MB sample#memory_swap=0.00MB sample#memory_pgpgin=348836pages"},
	"state":   {"heroku", "web.1", "State changed from starting to up"},
}

// BenchmarkUsualLine matches a line that no default rule matches.
func BenchmarkUsualLine(b *testing.B) {
	for name, line := range usual {
		b.Run(name, func(b *testing.B) {
			m := alert.Defaults().Matcher("shop")
			l := parse(b, line[0], line[1], line[2])
			m.Begin("message", "")
			b.ReportAllocs()
			b.SetBytes(int64(len(l.Message)))
			for b.Loop() {
				m.Line(&l)
			}
			if m.Matched() > 0 {
				b.Fatal("it matches")
			}
		})
	}
}

// Lines that match nothing need no memory.
func TestUsualLinesNeedNoMemory(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	for name, line := range usual {
		l := parse(t, line[0], line[1], line[2])
		colored := parse(t, line[0], line[1], "\x1b[32m"+line[2]+"\x1b[0m")
		m.Begin("message", "")
		for what, l := range map[string]*struct{ f func() }{"plain": {func() { m.Line(&l) }}, "colored": {func() { m.Line(&colored) }}} {
			l.f()
			if n := testing.AllocsPerRun(100, l.f); n > 0 {
				t.Errorf("%s, %s: %v allocations", name, what, n)
			}
		}
	}
}

// BenchmarkDefaults compiles the default rules, as each cold start does.
func BenchmarkDefaults(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		alert.Defaults().Matcher("shop")
	}
}

// BenchmarkOwnRules matches usual lines with as many own rules as there can be, and with as many whose patterns have no fixed text.
func BenchmarkOwnRules(b *testing.B) {
	for name, config := range map[string]string{"default": "{}", "200": many(alert.MaxOwnRules), "20-costly": costly(alert.MaxCostlyRules),
		"drop-path": `{"drop": {"health": {"path": "^/health$"}}}`, "drop-debug": `{"drop": {"debug": {"severity": "debug"}}}`} {
		b.Run(name, func(b *testing.B) {
			m := compile(b, config).Matcher("shop")
			app, json, router := usual["app"], usual["json"], usual["router"]
			lines := []logformat.Line{parse(b, app[0], app[1], app[2]), parse(b, json[0], json[1], json[2]), parse(b, router[0], router[1], router[2])}
			m.Begin("message", "")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m.Line(&lines[i%len(lines)])
			}
		})
	}
}
