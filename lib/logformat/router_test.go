package logformat_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

func TestReadRouter(t *testing.T) {
	type fields struct{ Code, Method, Path, Service, Status string }
	const end = ` host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=1234 protocol=https`
	plain := fields{Method: "GET", Path: "/a?b=c", Service: "18ms", Status: "200"}
	forged := func(path string) fields {
		return fields{Method: "GET", Path: path, Service: "18ms", Status: "200"}
	}
	for name, tt := range map[string]struct {
		message string
		want    fields
	}{
		"a response": {`at=info method=GET path="/a?b=c"` + end, plain},
		"Router 2.0": {`at=info method=GET path="/a?b=c"` + end + ` tls=true tls_version=tls1.3`, plain},
		"an error": {
			`at=error code=H12 desc="Request timeout" method=GET path="/a?b=c"` + end,
			fields{Code: "H12", Method: "GET", Path: "/a?b=c", Service: "18ms", Status: "200"},
		},
		"sock first": {
			`sock=backend at=error code=H18 desc="Server Request Interrupted" method=GET path="/a?b=c"` + end,
			fields{Code: "H18", Method: "GET", Path: "/a?b=c", Service: "18ms", Status: "200"},
		},
		"no dyno": {
			`at=error code=H10 desc="App crashed" method=GET path="/a?b=c" host=x fwd="1.1.1.1" dyno= connect= service= status=503 bytes= protocol=https`,
			fields{Code: "H10", Method: "GET", Path: "/a?b=c", Status: "503"},
		},
		"a path like an error":        {`at=info method=GET path="/a code=H12 status=503 b"` + end, forged("/a code=H12 status=503 b")},
		"a path that ends its quotes": {`at=info method=GET path="/a" code=H12 status=503 x=""` + end, forged("/a")},
		"a header like the figures": {
			`at=info method=GET path="/a?b=c" host=x fwd="1.1.1.1 dyno=web.9 service=9999ms status=503" dyno=web.1 connect=1ms service=18ms status=200 bytes=1 protocol=https`,
			plain,
		},
		"no figures": {`at=info method=GET path="/status=503"`, fields{Method: "GET", Path: "/status=503"}},
		"nothing":    {"", fields{}},
	} {
		r := logformat.ReadRouter([]byte(tt.message))
		got := fields{string(r.Code), string(r.Method), string(r.Path), string(r.Service), string(r.Status)}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]struct {
		number float64
		unit   string
	}{
		"384.00MB": {384, "MB"}, "0.22222": {0.22222, ""}, "18ms": {18, "ms"}, "26219348792bytes": {26219348792, "bytes"}, "45%": {45, "%"},
		"-1.5": {-1.5, ""}, "1e3": {1000, ""}, "12345678901234567890kB": {12345678901234567890, "kB"}, "15664876.0kB": {15664876, "kB"},
	} {
		number, unit, ok := logformat.Number([]byte(text))
		if !ok || number != want.number || string(unit) != want.unit {
			t.Errorf("%s: %v %q, %t", text, number, unit, ok)
		}
	}
	for _, text := range []string{"", "MB", "1.2.3", "1.", "n/a", "--1", "1 2"} {
		if number, _, ok := logformat.Number([]byte(text)); ok {
			t.Errorf("%q is %v", text, number)
		}
	}
}

func TestWriter(t *testing.T) {
	for line, want := range map[[2]string]logformat.Writer{
		{"app", "web.1"}: logformat.ByDyno, {"app", "run.4711"}: logformat.ByDyno, {"app", "heroku-postgres.1"}: logformat.ByDyno,
		{"heroku", "router"}: logformat.ByRouter, {"app", "router"}: logformat.ByOther, {"app", "router.1"}: logformat.ByDyno,
		{"heroku", "web.1"}: logformat.ByPlatform, {"app", "heroku-postgres"}: logformat.ByAddon, {"heroku", "heroku-redis"}: logformat.ByAddon,
		{"app", "api"}: logformat.ByAPI, {"heroku", "api"}: logformat.ByAPI, {"heroku", "logplex"}: logformat.ByLogplex,
		{"app", "logplex"}: logformat.ByOther, {"app", "log-shuttle"}: logformat.ByShuttle, {"heroku", "router.1"}: logformat.ByPlatform,
		{"shop", "router"}: logformat.ByOther, {"", ""}: logformat.ByOther,
	} {
		l := logformat.Line{Source: []byte(line[0]), Process: []byte(line[1])}
		if got := l.Writer(); got != want {
			t.Errorf("%s[%s]: %d, want %d", line[0], line[1], got, want)
		}
		if l.Malformed = true; l.Writer() != logformat.ByOther {
			t.Errorf("%s[%s], malformed, is Heroku's", line[0], line[1])
		}
	}
}
