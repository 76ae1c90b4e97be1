package logformat_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// printed is a line as a source and a process write it.
type printed struct{ source, process, text string }

// line returns the line with an ID, as it is stored.
func (p printed) line(t *testing.T) logformat.Line {
	t.Helper()
	all := logformat.Lines([]byte(logplextest.Frame(logplextest.Line(190, noon.Add(123456*1000), p.source, p.process, p.text))))
	if len(all) != 1 {
		t.Fatalf("%q: %d lines", p.text, len(all))
	}
	all[0].Clean(logformat.KeepANSI)
	all[0].ID = logformat.ID(0xabcdef1234567890).At(all[0].Time)
	return all[0]
}

const (
	response = `at=info method=GET path="/a?b=c&d=\"e f\"" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms ` +
		`status=200 bytes=1234 protocol=https tls=true tls_version=tls1.3`
	crashed = `at=error code=H10 desc="App crashed" method=GET path="/" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno= connect= service= ` +
		`status=503 bytes= protocol=https`
	timedOut = `at=error code=H12 desc="Request timeout" method=GET path="/" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=0ms ` +
		`service=30000ms status=503 bytes=0 protocol=https`
	interrupted = `sock=client at=warning code=H27 desc="Client Request Interrupted" method=GET path="/" host=shop.herokuapp.com request_id=8601b555 ` +
		`fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=499 bytes= protocol=http1.1 tls=false tls_version=unknown`
	memory = `source=web.1 dyno=heroku.2808254.d97d0ea7 sample#memory_total=384.00MB sample#memory_rss=371.51MB sample#memory_cache=3.00MB sample#memory_swap=0.00MB ` +
		`sample#memory_pgpgin=34321pages sample#memory_pgpgout=21234pages sample#memory_quota=512.00MB`
	postgres = `source=DATABASE addon=postgresql-globular-54321 sample#current_transaction=24990 sample#db_size=26219348792bytes sample#tables=13 ` +
		`sample#active-connections=92 sample#waiting-connections=1 sample#index-cache-hit-rate=0.99723 sample#table-cache-hit-rate=0.99118 ` +
		`sample#load-avg-1m=0.22222 sample#read-iops=25.996 sample#write-iops=1.629 sample#memory-total=15664876.0kB sample#memory-free=255628.0kB ` +
		`sample#memory-cached=14213308.0kB sample#memory-postgres=549408.0kB`
	redis = `source=REDIS addon=redis-octagonal-65432 sample#active-connections=16 sample#max-connections=40 sample#load-avg-1m=0.823 sample#memory-total=16070676kB ` +
		`sample#memory-redis=3350645bytes sample#hit-rate=0.90360 sample#evicted-keys=0`
)

// rebuilt are lines whose text the fields say.
var rebuilt = []printed{
	{"heroku", "router", response}, {"heroku", "router", crashed}, {"heroku", "router", timedOut}, {"heroku", "router", interrupted},
	{"heroku", "router", `at=info status=503`}, {"heroku", "router", `connect=ms bytes=007 tls=true`},
	{"heroku", "router", `path="\t\"\u001b" status=1e3`},
	{"heroku", "web.1", memory}, {"heroku", "worker.1", `source=web.1 dyno=heroku.1 sample#load_avg_1m=0.05`},
	{"app", "heroku-postgres", postgres}, {"app", "heroku-redis", redis}, {"heroku", "heroku-redis", redis},
	{"heroku", "web.1", `source=a\b dyno=x`},
	{"app", "web.1", `{"level":"error","status":500,"ok":true,"none":null,"list":[1, "a"],"user":{"id":12345678901234567890}}`},
	{"app", "web.1", "{ \"a\" : 1 ,\t\"b\":[ ] }"}, {"app", "web.1", `{"a":"\u0000\\\"é"}`}, {"app", "web.1", `{"":1e999}`},
	{"app", "web.1", `{"level":30,"time":1531171074631,"pid":657,"msg":"hello"}`}, {"app", "web.1", `{"level": 30, "time": 1531171074631 , "message":"m" , "pid": 657}`},
	{"app", "web.1", `{"time":1}`}, {"app", "web.1", `{ "data":{"data":{}},"id":2 }`}, {"app", "web.1", `{"a":1,"_aws":{}}`},
	{"app", "papertrail", `{"a":1}`}, {"app", "log-shuttle", `{"a":1}`},
}

// kept are lines whose text the fields do not say.
var kept = []printed{
	{"app", "web.1", "hello"}, {"app", "web.1", ""}, {"heroku", "web.1", "State changed from starting to up"}, {"heroku", "web.1", "Error R14 (Memory quota exceeded)"},
	{"heroku", "router", ``}, {"heroku", "router", `at=info  status=503`}, {"heroku", "router", `at=info status=503 `}, {"heroku", "router", "at=info status=503\nx"},
	{"heroku", "router", `at=info word status=503`}, {"heroku", "router", `at=info status=503 status=503`}, {"heroku", "router", `at=info path=/ status=503`},
	{"heroku", "router", `at="info"`}, {"heroku", "router", `path="\/"`}, {"heroku", "router", `path="\q"`}, {"heroku", "router", `path="/a"b"`}, {"heroku", "router", `fwd="" at=info`},
	{"heroku", "router", `at= status=503`}, {"heroku", "router", `connect=1s`}, {"heroku", "router", `bytes=1ms`}, {"heroku", "router", `tls=yes at=info`},
	{"heroku", "router", `at=info id=1`}, {"heroku", "router", `fwd="1.2.3.4" status=503`}, {"heroku", "router", strings.TrimSuffix(crashed, ` protocol=https`)},
	{"heroku", "router", `- at=info status=503`}, {"heroku", "router", `Error H12 at=info`},
	{"heroku", "web.1", `source=web.1`}, {"heroku", "web.1", `source=web.1 sample#memory_total=1kB`}, {"heroku", "web.1", `source=web.1 sample#load_avg_1m=n/a`},
	{"heroku", "web.1", `source=web.1 id=2 sample#a=1`}, {"heroku", "web.1", `source= dyno=x source=web.1`}, {"heroku", "web.1", `source=web.1 x=1 sample#x=1`},
	{"heroku", "web.1", `source="web 1" dyno=x`}, {"app", "web.1", memory}, {"app", "web.1", response},
	{"app", "web.1", `{}`}, {"app", "web.1", ` {"a":1}`}, {"app", "web.1", `{"a":1} `}, {"app", "web.1", `- {"a":1}`}, {"app", "web.1", `{"a":1,"a":2}`},
	{"app", "web.1", `{"\u0061":1}`}, {"app", "web.1", `{"time":1,"a":2,"message":3}`}, {"app", "web.1", `{"a":1,}`}, {"app", "web.1", `[1]`}, {"app", "web.1", `{"a":1}}`},
}

// A line is stored without its text exactly if its fields say it. In both cases it is read back.
func TestMessageIsLeftOut(t *testing.T) {
	for left, lines := range map[bool][]printed{true: rebuilt, false: kept} {
		for _, p := range lines {
			l := p.line(t)
			checkRoundTrip(t, l)
			event := string(logformat.JSON().Append(nil, &l))
			if strings.Contains(event, l.ID.String()+`","message":`) == left {
				t.Errorf("%s[%s] %q is stored as %s", p.source, p.process, p.text, event)
			}
			l.ID = 0 // such a line has no place for microseconds, either
			if event := string(logformat.JSON().Append(nil, &l)); !strings.Contains(event, `,"time":"2026-11-20T12:00:00.123456Z","message":`) {
				t.Errorf("%s[%s] %q is stored without an ID as %s", p.source, p.process, p.text, event)
			}
		}
	}
}

// Nothing stands twice in an event.
func TestEventsInJSON(t *testing.T) {
	const router, web = `{"source":"heroku","process":"router","id":"q83vEjRWecg",`, `{"source":"app","process":"web.1","id":"q83vEjRWecg",`
	for _, tt := range []struct {
		printed
		want string
	}{
		{printed{"heroku", "router", response}, router + `"at":"info","method":"GET","path":"/a?b=c&d=\"e f\"","host":"shop.herokuapp.com","request_id":"8601b555",` +
			`"fwd":"204.204.204.204","dyno":"web.1","connect":1,"service":18,"status":200,"bytes":1234,"protocol":"https","tls":true,"tls_version":"tls1.3"}`},
		{printed{"heroku", "router", crashed}, router + `"at":"error","code":"H10","desc":"App crashed","method":"GET","path":"/","host":"shop.herokuapp.com",` +
			`"request_id":"8601b555","fwd":"204.204.204.204","status":503,"protocol":"https"}`},
		{printed{"heroku", "web.1", `source=web.1 dyno=heroku.1 sample#memory_total=384.00MB`},
			`{"source":"heroku","process":"web.1","id":"q83vEjRWecg","dyno":"heroku.1","memory_total":384.00}`},
		{printed{"app", "heroku-redis", `source=REDIS sample#hit-rate=0.9 sample#memory-redis=3350645bytes`},
			`{"source":"app","process":"heroku-redis","id":"q83vEjRWecg","hit-rate":0.9,"memory-redis":3350645,"data":{"source":"REDIS"}}`},
		{printed{"app", "web.1", `{"level": 30, "time": 1, "pid": 2}`}, web + `"level": 30,"data":{ "time": 1}, "pid": 2}`},
		{printed{"app", "web.1", "hello"}, web + `"message":"hello"}`},
	} {
		l := tt.line(t)
		if diff := cmp.Diff(tt.want, string(logformat.JSON().Append(nil, &l))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

// The time is in the event only if its time and the ID do not say it.
func TestTimeIsLeftOut(t *testing.T) {
	l := printed{"app", "web.1", "hello"}.line(t)
	for name, tt := range map[string]struct {
		id    logformat.ID
		write bool
	}{"the line's ID": {l.ID, false}, "that of another time": {l.ID + 1, true}, "no microseconds": {l.ID | 1023, true}} {
		l.ID = tt.id
		checkRoundTrip(t, l)
		if event := string(logformat.JSON().Append(nil, &l)); strings.Contains(event, `"time":"2026-11-20T12:00:00.123456Z"`) != tt.write {
			t.Errorf("%s: %s", name, event)
		}
	}
}

// Events of versions that wrote the time, the app and every message are still read.
func TestReadOlderEvents(t *testing.T) {
	const head = `{"time":"2026-11-20T12:00:00.123456Z","app":"shop","source":"heroku","process":"router","severity":"info",`
	for _, id := range []string{"", `"id":"q83vEjRWecg",`} {
		event := head + id + `"message":"at=info status=503","at":"info","status":503}`
		l := logformat.Read(event, noon)
		if string(l.Message) != "at=info status=503" || l.Severity != "info" || !l.Time.Equal(noon.Add(123456*1000)) || (l.ID == 0) != (id == "") {
			t.Errorf("%s: %+v", event, l)
		}
		if got, ok := logformat.ReadID(event); ok != (id != "") || got != l.ID {
			t.Errorf("%s: ID %s, %t", event, got, ok)
		}
	}
}
