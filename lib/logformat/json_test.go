package logformat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// object returns a line in the JSON format, without the time and the severity.
func object(t *testing.T, source, process, text string) map[string]any {
	t.Helper()
	return parse(t, texts(logformat.JSON(), logformat.KeepANSI, logplextest.Frame(logplextest.Line(190, noon, source, process, text)))[0])
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	delete(o, "time")
	delete(o, "severity")
	return o
}

type obj = map[string]any

func TestFields(t *testing.T) {
	for _, test := range []struct {
		name, source, process, text string
		want                        obj // in addition to source, process and message
	}{
		{"router", "heroku", "router",
			`at=info method=GET path="/a?b=c&d=\"e f\"" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=1234 protocol=https tls=true tls_version=tls1.3`,
			obj{"at": "info", "method": "GET", "path": `/a?b=c&d="e f"`, "host": "shop.herokuapp.com", "request_id": "8601b555",
				"fwd": "204.204.204.204", "dyno": "web.1", "connect": 1.0, "service": 18.0, "status": 200.0, "bytes": 1234.0,
				"protocol": "https", "tls": true, "tls_version": "tls1.3"}},
		{"router error", "heroku", "router",
			`at=error code=H12 desc="Request timeout" method=GET path="/" host=shop.herokuapp.com fwd=- dyno= connect= service=30000ms status=503 bytes=0 protocol=https`,
			obj{"at": "error", "code": "H12", "desc": "Request timeout", "method": "GET", "path": "/", "host": "shop.herokuapp.com", "fwd": "-",
				"service": 30000.0, "status": 503.0, "bytes": 0.0, "protocol": "https"}},
		{"router, path without quotes", "heroku", "router", `at=info method=GET path=/search?q=a&code=H12"b host=h status=404`,
			obj{"at": "info", "method": "GET", "path": `/search?q=a&code=H12"b`, "host": "h", "status": 404.0}},
		{"router, code in the path", "heroku", "router", `at=info method=GET path="/ code=H12 status=503" host=h status=200`,
			obj{"at": "info", "method": "GET", "path": "/ code=H12 status=503", "host": "h", "status": 200.0}},
		{"router, quotes within quotes", "heroku", "router", `at=error code=H10 path="/a"b code=H99" status=503 host=h`,
			obj{"at": "error", "code": "H10", "path": `/a"b code=H99`, "status": 503.0, "host": "h"}},
		{"router, backslashes in the path", "heroku", "router", `at=error code=H14 desc="No web processes running" method=GET path="/..\..\win.ini" host=h status=503`,
			obj{"at": "error", "code": "H14", "desc": "No web processes running", "method": "GET", "path": `/..\..\win.ini`, "host": "h", "status": 503.0}},
		{"router, backslashes in other values", "heroku", "router", `at=error desc="C:\dir" host="a\xb" fwd="1\.2" path="/\ud8" tls_version="\" status=503`,
			obj{"at": "error", "desc": `C:\dir`, "host": `a\xb`, "fwd": `1\.2`, "path": `/\ud8`, "tls_version": `\`, "status": 503.0}},
		{"router, escapes", "heroku", "router", `path="\"\\\/\b\f\n\r\t\u00e9" status=200`, obj{"path": "\"\\/\b\f\n\r\té", "status": 200.0}},
		{"router, a bad escape", "heroku", "router", `at=info path="/\q code=H12" status=200`,
			obj{"at": "info", "path": `/\q code=H12`, "status": 200.0}},
		{"router, a backslash at the end of a value", "heroku", "router", `path="/a\" host=h fwd="1.2.3.4" status=503`,
			obj{"path": `/a\`, "host": "h", "fwd": "1.2.3.4", "status": 503.0}},
		{"router, an open quote at the end", "heroku", "router", `status=503 path="/a`, obj{"status": 503.0}},
		{"router, an open quote", "heroku", "router", `desc="Request timeout method=GET status=503`, obj{"method": "GET", "status": 503.0}},
		{"router, an open quote before quoted values", "heroku", "router", `desc="Request timeout method=GET path="/ x" fwd="" status=503`,
			obj{"method": "GET", "path": "/ x", "status": 503.0}},
		{"router, words and quotes without a name", "heroku", "router", `word at=info "quoted words" = =x ="y z" a"b=c "d"="e f" status=503`,
			obj{"at": "info", "status": 503.0}},
		{"router, U+FFFD in a name", "heroku", "router", "at=info pa\xffth=/ status=503", obj{"at": "info", "status": 503.0}},
		{"router, many values with equals signs", "heroku", "router", strings.Repeat(`fwd=a=b `, 20) + `status=503`, obj{"fwd": "a=b", "status": 503.0}},
		{"router, not logfmt", "heroku", "router", `====="`, obj{}},
		{"router, not a number", "heroku", "router", `status=ok bytes=007 service=1.2.3ms connect=ms`,
			obj{"status": "ok", "bytes": "007", "service": "1.2.3ms", "connect": "ms"}},
		{"router, numbers of odd sizes", "heroku", "router", "status=1e3 bytes=1e999 connect=0.33e33333333ms service=" + strings.Repeat("9", 310),
			obj{"status": 1000.0, "bytes": "1e999", "connect": "0.33e33333333ms", "service": strings.Repeat("9", 310)}},
		{"router line printed by a dyno", "app", "web.1", `at=error code=H12 status=503`, obj{}},
		{"dyno metrics", "heroku", "web.1", `source=web.1 dyno=heroku.2808254.d97d0ea7 sample#memory_total=384.00MB sample#memory_pgpgin=12pages sample#load_avg_1m=0.05`,
			obj{"dyno": "heroku.2808254.d97d0ea7", "memory_total": 384.0, "memory_pgpgin": 12.0, "load_avg_1m": 0.05, "data": obj{"source": "web.1"}}},
		{"dyno metrics, backslashes", "heroku", "web.1", `source="web\.1" dyno="\q" =x sample#memory_total=384.00MB`,
			obj{"dyno": `\q`, "memory_total": 384.0, "data": obj{"source": `web\.1`}}},
		{"Postgres metrics", "app", "heroku-postgres", `source=DATABASE addon=postgresql-slug-1234 sample#db_size=4469950648bytes sample#index-cache-hit-rate=0.99 sample#memory-total=15405620kB`,
			obj{"addon": "postgresql-slug-1234", "db_size": 4469950648.0, "index-cache-hit-rate": 0.99, "memory-total": 15405620.0, "data": obj{"source": "DATABASE"}}},
		{"metrics printed by a dyno", "app", "web.1", `source=web.1 sample#memory_total=384.00MB`, obj{}},
		{"dyno error", "heroku", "web.1", `Error R14 (Memory quota exceeded)`, obj{"code": "R14"}},
		{"dyno error with more", "heroku", "web.1", `Error R10 (Boot timeout) -> Web process failed to bind`, obj{"code": "R10"}},
		{"overflow", "heroku", "logplex", `Error L10 (output buffer overflow): 3 messages dropped`, obj{"code": "L10"}},
		{"log-shuttle", "app", "log-shuttle", `Error L12: 222 messages dropped since`, obj{"code": "L12"}},
		{"error printed by a dyno", "app", "web.1", `Error R14 (Memory quota exceeded)`, obj{}},
		{"no error code", "heroku", "web.1", `Error R14is`, obj{}},
		{"JSON", "app", "web.1", ` {"level":"error","status":500,"ok":true,"none":null,"list":[1, "a"],"user":{"id":12345678901234567890}} `,
			obj{"level": "error", "status": 500.0, "ok": true, "none": nil, "list": []any{1.0, "a"}, "user": obj{"id": 12345678901234567890.0}}},
		{"JSON with our names", "app", "web.1", `{"time":1,"app":"x","source":2,"severity":"bad","message":"m","data":{"a":1},"level":"info"}`,
			obj{"level": "info", "data": obj{"time": 1.0, "app": "x", "source": 2.0, "severity": "bad", "message": "m", "data": obj{"a": 1.0}}}},
		{"JSON with an ID", "app", "web.1", `{"id":"q83vEjRWeJA","level":"info"}`, obj{"level": "info", "data": obj{"id": "q83vEjRWeJA"}}},
		{"JSON with a repeated name", "app", "web.1", `{"a":1,"a":2}`, obj{"a": 2.0}},
		{"JSON with odd names", "app", "web.1", `{"":1,"\u0000\"":2,"\u00e9":3}`, obj{"": 1.0, "\x00\"": 2.0, "é": 3.0}},
		{"nearly JSON", "app", "web.1", `{"a":1,}`, obj{}},
		{"JSON, not an object", "app", "web.1", `[1]`, obj{}},
		{"empty", "app", "web.1", ``, obj{}},
		{"odd characters", "app", "web.1", "\x00\x1b[1m\t\"\\\u2028\x7fé\xff", obj{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.want["source"], test.want["process"] = test.source, test.process
			test.want["message"] = strings.ToValidUTF8(test.text, "\ufffd")
			if diff := cmp.Diff(test.want, object(t, test.source, test.process, test.text)); diff != "" {
				t.Errorf("object (-want +got):\n%s", diff)
			}
		})
	}
}

// log-shuttle, which posts the lines of a Shield Private Space, writes another host and a NILVALUE in front of the text.
func TestJSONKeepsOddHeaders(t *testing.T) {
	const time, app = `"time":"2026-11-20T12:00:00.000000Z",`, `{"source":"app","process":"web.1",`
	for line, want := range map[string]string{
		"<158>1 2026-11-20T12:00:00Z shop heroku router - - at=info status=503": `{"source":"heroku","process":"router",` + time + `"syslog_host":"shop",` +
			`"message":"at=info status=503","at":"info","status":503}`,
		"<158>1 2026-11-20T12:00:00Z host heroku router - - status=503": `{"source":"heroku","process":"router",` + time + `"message":"status=503","status":503}`,
		"<134>1 2026-11-20T12:00:00Z host app heroku-redis - - source=R sample#hit-rate=0.5": `{"source":"app","process":"heroku-redis",` + time +
			`"message":"source=R sample#hit-rate=0.5","hit-rate":0.5,"data":{"source":"R"}}`,
		"<172>1 2026-11-20T12:00:00Z heroku token log-shuttle - - Error L12: 2 messages": `{"source":"token","process":"log-shuttle","severity":"warning",` + time +
			`"syslog_host":"heroku","message":"Error L12: 2 messages","code":"L12"}`,
		`<999>1 2026-11-20T12:00:00Z - app web.1 - - {"syslog_host":1}`: app + time + `"syslog_priority":"999","message":"{\"syslog_host\":1}","data":{"syslog_host":1}}`,
		`<190>1 2026-11-20T12:00:00Z host app web.1 - - {"a":1}`:        app + time + `"message":"- {\"a\":1}","a":1}`,
		"<45>1 2026-11-20T12:00:00Z host app web.1 State changed":       app + `"severity":"notice",` + time + `"message":"State changed"}`,
	} {
		if diff := cmp.Diff([]string{want}, texts(logformat.JSON(), logformat.KeepANSI, logplextest.Frame(line))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestFieldsStayWithTheirLine(t *testing.T) {
	var got []obj
	for _, text := range texts(logformat.JSON(), logformat.KeepANSI,
		logplextest.Frame(logplextest.Line(158, noon, "heroku", "router", "at=info status=200")), dyno(`{"level":"info"}`), dyno("plain")) {
		o := parse(t, text)
		for _, name := range []string{"source", "process", "message"} {
			delete(o, name)
		}
		got = append(got, o)
	}
	if diff := cmp.Diff([]obj{{"at": "info", "status": 200.0}, {"level": "info"}, {}}, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// The fields are in the order of the line. Those with the format's names are in "data", in the place of the first one, or at the end.
func TestOrderOfFields(t *testing.T) {
	const head = `{"source":"app","process":"web.1","time":"2026-11-20T12:00:00.000000Z","message":`
	for text, want := range map[string]string{
		`{"z":1.50,"time":2,"message":"m","a":3}`: `"{\"z\":1.50,\"time\":2,\"message\":\"m\",\"a\":3}","z":1.50,"data":{"time":2,"message":"m"},"a":3}`,
		`{"time":2,"a":3,"message":"m"}`:          `"{\"time\":2,\"a\":3,\"message\":\"m\"}","a":3,"data":{"time":2,"message":"m"}}`,
	} {
		if diff := cmp.Diff([]string{head + want}, texts(logformat.JSON(), logformat.KeepANSI, dyno(text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// A line with very many fields does not make those that follow it slow.
func TestManyFieldsSlowNoOtherLine(t *testing.T) {
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, `,"%d":1`, i)
	}
	best := func(first string) time.Duration {
		f := logformat.JSON()
		write := func(text string) {
			l := logformat.Line{Time: noon, Source: []byte("app"), Process: []byte("web.1"), Message: []byte(text)}
			f.Append(nil, &l)
		}
		write(first)
		shortest := time.Hour
		for range 100 {
			start := time.Now()
			for range 10 {
				write(`{"level":"info"}`)
			}
			shortest = min(shortest, time.Since(start))
		}
		return shortest
	}
	usual, after := best(`{"level":"info"}`), best("{"+many.String()[1:]+"}")
	if after > 10*usual {
		t.Errorf("ten lines take %s after a line of 100,000 fields, and otherwise %s", after, usual)
	}
}
