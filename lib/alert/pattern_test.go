package alert_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

func TestPatterns(t *testing.T) {
	set := compile(t, `{"regexps": {
		"text": {"pattern": "payment (failed|declined)"},
		"short": {"pattern": "OOM"},
		"any-case": {"pattern": "(?i)kaskade"},
		"none": {"pattern": "^$"},
		"field": {"pattern": "^E[0-9]+$", "field": "error.code"},
		"number": {"pattern": "^5..$", "field": "status"},
		"heroku": {"pattern": "State changed", "source": "heroku"},
		"web": {"pattern": "booting", "source": "app", "process": "web.*"},
		"router": {"pattern": "favicon"},
		"postgres": {"pattern": "autovacuum", "source": "app", "process": "postgres.*"}
	}}`)
	m := set.Matcher("shop")
	for _, tt := range []struct {
		source, process, text string
		want                  []string
	}{
		{"app", "web.1", "the payment failed", []string{"text"}},
		{"app", "web.1", "the payment \x1b[31mfailed\x1b[0m", []string{"text"}},
		{"app", "web.1", "the payment succeeded", nil},
		{"other", "x", "payment declined", []string{"text"}},
		{"heroku", "web.1", "payment declined", []string{"text"}},
		{"app", "web.1", "OOM", []string{"short"}},
		{"app", "web.1", "oom", nil},
		{"app", "web.1", "\u212aA\u017f\u212aADE", []string{"any-case"}}, // the Kelvin sign and the long s
		{"app", "web.1", "", []string{"none"}},
		{"app", "web.1", `{"error":{"code":"E17"}}`, []string{"field"}},
		{"app", "web.1", `{"error":{"\u0063ode":"E17"}}`, []string{"field"}},
		{"app", "web.1", `{"error":{"code":"\u004517"}}`, []string{"field"}},
		{"app", "web.1", `{"error":{"code":"x"},"code":"E17"}`, nil},
		{"app", "web.1", `"error" "code" E17`, nil},
		{"app", "web.1", `{"status":503}`, []string{"number"}},
		{"app", "web.1", `{"status":"503"}`, []string{"number"}},
		{"app", "web.1", `{"status":5030}`, nil},
		{"app", "web.1", `{"status":503,x}`, nil},
		{"heroku", "web.1", "State changed from up to crashed", []string{"dyno-crashed", "heroku"}},
		{"app", "web.1", "State changed from up to crashed", nil},
		{"app", "web.1", "booting", []string{"web"}},
		{"app", "worker.1", "booting", nil},
		{"heroku", "web.1", "booting", nil},
		{"heroku", "router", `at=info method=GET path="/favicon.ico" dyno=web.1 service=1ms status=200`, []string{"router"}},
		{"app", "postgres.12345", "autovacuum of x", []string{"postgres"}},
		{"app", "web.1", strings.Repeat("x", 40_000) + "payment failed", nil}, // beyond what patterns look at
		{"app", "web.1", strings.Repeat("x", 30_000) + "payment failed", []string{"text"}},
	} {
		if diff := cmp.Diff(tt.want, fired(t, m, parse(t, tt.source, tt.process, tt.text))); diff != "" {
			t.Errorf("%s[%s]: %.100q (-want +got):\n%s", tt.source, tt.process, tt.text, diff)
		}
	}
}

// Rules about requests can be about some paths alone.
func TestPaths(t *testing.T) {
	m := compile(t, `{
		"slow": {"slow-requests": {"over": 1000, "exclude_paths": ["^/reports/", "[.]csv$"]}},
		"status": {"status-401": {"path": "^/api/"}}
	}`).Matcher("shop")
	for _, tt := range []struct {
		path, service, status string
		want                  []string
	}{
		{"/", "1001ms", "200", []string{"slow-requests"}},
		{"/", "1000ms", "200", nil},
		{"/", "", "200", nil},
		{"/reports/1", "1001ms", "200", nil},
		{"/a.csv?page=1", "1001ms", "200", nil},
		{"/a?b=/reports/.csv", "1001ms", "200", []string{"slow-requests"}},
		{"/api/orders?x=1", "1ms", "401", []string{"status-401"}},
		{"/login?next=/api/", "1ms", "401", nil},
		{"/api/", "9999ms", "500", []string{"status-5xx", "slow-requests"}},
		{"/", "1ms", "", nil},
	} {
		text := `at=info method=GET path="` + tt.path + `" host=x fwd="1.1.1.1" dyno=web.1 connect=1ms service=` + tt.service + ` status=` + tt.status + ` bytes=1 protocol=https`
		if diff := cmp.Diff(tt.want, fired(t, m, parse(t, "heroku", "router", text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// What Heroku and other platforms print for one error, from their own documentation and sources.
func TestErrorsOfLanguages(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	for text, want := range map[string]string{
		`Exception in thread "main" java.lang.IllegalStateException: x`: "uncaught-exception",
		"goroutine 1 [running]:": "uncaught-exception",
		"PHP Fatal error:  Uncaught Exception: x in /app/index.php:3":                                                            "uncaught-exception",
		"PHP Fatal error:  Uncaught TypeError: x":                                                                                "uncaught-exception",
		"(node:4) UnhandledPromiseRejectionWarning: Error: x":                                                                    "uncaught-exception",
		"error: uncaughtException: x is not defined":                                                                             "",
		"F, [2026-11-20T12:00:00.123456 #4] FATAL -- : [8601b555] NoMethodError (undefined method `a' for x:X):":                 "uncaught-exception",
		`F, [2026-11-20T12:00:00.123456 #4] FATAL -- : [8601b555] ActionController::RoutingError (No route matches [GET] "/x"):`: "",
		"TypeError: Cannot read properties of undefined (reading 'id')":                                                          "nil-reference",
		"AttributeError: 'NoneType' object has no attribute 'id'":                                                                "nil-reference",
		"panic: runtime error: invalid memory address or nil pointer dereference":                                                "nil-reference",
		"java.lang.NullPointerException: Cannot invoke \"String.length()\"":                                                      "nil-reference",
		"PHP Fatal error:  Call to a member function id() on null":                                                               "nil-reference",
		"NoMethodError (undefined method `key?' for nil:NilClass):":                                                              "nil-reference",
		"java.lang.OutOfMemoryError: Java heap space":                                                                            "out-of-memory",
		"PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)":                     "out-of-memory",
		"fatal error: runtime: out of memory":                                                                                    "out-of-memory",
		"MemoryError":                                                                                                            "out-of-memory",
		"Errno::ENOMEM: Cannot allocate memory - fork(2)":                                                                        "out-of-memory",
		"fatal error: all goroutines are asleep - deadlock!":                                                                     "deadlock",
		"Mysql2::Error: Deadlock found when trying to get lock; try restarting transaction":                                      "deadlock",
		"Error: connect ECONNREFUSED 10.0.0.1:5432":                                                                              "database-connection",
		"Error: connect ECONNREFUSED 10.0.0.1:8080":                                                                              "",
		"dial tcp 10.0.0.1:5432: connect: connection refused":                                                                    "database-connection",
		`psycopg2.OperationalError: connection to server at "ec2.example.com" (10.0.0.1), port 5432 failed: timeout`:             "database-connection",
		`FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute`:                                 "database-connection",
		"SQLSTATE[HY000] [2002] Connection refused":                                                                              "database-connection",
		"SQLSTATE[23505]: Unique violation":                                                                                      "",
		"org.postgresql.util.PSQLException: Connection to ec2.example.com:5432 refused.":                                         "database-connection",
		"redis.exceptions.ConnectionError: Error 111 connecting to x:6379":                                                       "database-connection",
		"ReplyError: WRONGTYPE Operation against a key holding the wrong kind of value":                                          "redis-command",
		"redis critical":                             "redis-command",
		"used_memory_over_limit":                     "redis-memory",
		"[Rollbar] Error sending item":               "error-tracker",
		"[Rollbar] Sending item":                     "",
		"thread 'main' panicked at src/main.rs:2:5:": "uncaught-exception",
		"thread 'tokio-runtime-worker' (12) panicked at 'x', src/main.rs:2:5":                                                              "uncaught-exception",
		"Unhandled exception. System.NullReferenceException: Object reference not set to an instance":                                      "uncaught-exception",
		"      System.NullReferenceException: Object reference not set to an instance of an object.":                                       "nil-reference",
		`ActiveRecord::StatementInvalid (PG::UndefinedTable: ERROR:  relation "a" does not exist`:                                          "database-schema",
		`PG::UndefinedColumn: ERROR:  column a.b does not exist`:                                                                           "database-schema",
		`FATAL:  password authentication failed for user "u1"`:                                                                             "database-connection",
		"** (Postgrex.Error) FATAL 53300 (too_many_connections) sorry, too many clients already":                                           "database-connection",
		"12:00:00.123 [error] Postgrex.Protocol (#PID<0.123.0>) failed to connect: ** (Postgrex.Error) FATAL 53300 (too_many_connections)": "database-connection",
		"psycopg2.OperationalError: could not connect to server":                                                                           "database-connection",
		"psycopg2.OperationalError: could not connect to server: Connection refused":                                                       "database-connection",
		"2026/11/20 12:00:00 ping the database: dial tcp 10.0.0.1:5432: connect: connection refused":                                       "database-connection",
		"Caused by: java.lang.OutOfMemoryError: Java heap space":                                                                           "out-of-memory",
		"2026-11-20 12:00:00.123 ERROR 4 --- [nio-8080-exec-1] java.lang.OutOfMemoryError: Java heap":                                      "out-of-memory",
		"/app/job.rb:3:in `join': No live threads left. Deadlock? (fatal)":                                                                 "deadlock",
		`{"level":"error","msg":"java.lang.OutOfMemoryError: Java heap space"}`:                                                            "out-of-memory",
		`{"level":50,"err":{"stack":"Error: x\n    at y\nMemoryError: z"}}`:                                                                "out-of-memory",
		`{"message":"MemoryError"}`: "out-of-memory",
		`[2026-11-20 12:00:00,123: ERROR/MainProcess] Task handler raised error: WorkerLostError('Worker exited prematurely: signal 9 (SIGKILL) Job: 1.')`: "job-killed",
		`sql_error_code = 53200 time_ms = "2026-11-20 12:00:00.123 UTC" pid="4" database="d" ERROR:  out of memory`:                                        "out-of-memory",
		"** [Honeybadger] Error report failed: project is sending too many errors.":                                                                        "error-tracker",
	} {
		var wanted []string
		if want != "" {
			wanted = []string{want}
		}
		if diff := cmp.Diff(wanted, fired(t, m, parse(t, "app", "web.1", text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// What visitors send raises no alert about what the app prints when it fails, wherever the app logs it.
func TestVisitorsRaiseNoErrors(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	for _, said := range []string{
		"java.lang.OutOfMemoryError", "java.lang.OutOfMemoryError: Java heap space", "MemoryError", "NoMemoryError", "JavaScript heap out of memory",
		"Cannot allocate memory", "OOM command not allowed when used memory", "used_memory_over_limit", "Killed poison pill", "poison pill",
		"Traceback (most recent call last):", "goroutine 1 [running]:", "thread 'main' panicked at", "System.NullReferenceException", "PG::ConnectionBad",
		"Error: connect ECONNREFUSED 10.0.0.1:5432", "dial tcp 10.0.0.1:5432: connect: connection refused", "PG::UndefinedTable", "deadlock detected",
		"FATAL:  password authentication failed for user", "(Postgrex.Error) FATAL 53300", "redis.exceptions.ConnectionError", "Redis::CommandError",
		"x\\nMemoryError",
	} {
		for _, line := range []string{
			`Started GET "/search?q=%s" for 203.0.113.7 at 2026-11-20 12:00:00 +0000`, `Parameters: {"q"=>"%s"}`, `Parameters: {"message"=>"%s"}`,
			`  Parameters: {"message"=>"%s"}`, `{"level":"info","path":"/search?q=%s"}`, `{"level":"info","message":"%s"}`, `{"level":30,"msg":"%s"}`,
			`{"level":"error","path":"/search?q=%s"}`, `{"level":"error","params":{"q":"%s"},"msg":"x"}`, `{"path":"%s"}`,
			`{"level":"error","q":"\",\"msg\":\"%s\""}`, `10.0.0.1 - - [20/Nov/2026:12:00:00 +0000] "GET /%s HTTP/1.1" 404 -`,
			`method=GET path=/%s status=404`, `GET /search/%s 404`, `GET /search?q=%s 404`, `article "%s" saved`, `searched for %s`,
			`I, [2026-11-20T12:00:00.123456 #4]  INFO -- : [8601b555] searched for %s`, `User-Agent: %s`, `"%s"`, `<%s>`,
			`E, [2026-11-20T12:00:00.123456 #4] ERROR -- : [8601b555] no results for '%s'`, `ERROR: not found: /%s`,
		} {
			if text := strings.Replace(line, "%s", said, 1); fired(t, m, parse(t, "app", "web.1", text)) != nil {
				t.Errorf("%s fires %v", text, fired(t, m, parse(t, "app", "web.1", text)))
			}
		}
	}
	if text := "config used_memory_over_limit=false"; fired(t, m, parse(t, "app", "web.1", text)) != nil {
		t.Errorf("%s fires", text)
	}
}

// A pattern of alerts.yaml is what it says, also in place of a default one.
func TestChangedPatternsMatchAnywhere(t *testing.T) {
	m := compile(t, `{"errors": {"out-of-memory": {"pattern": "MemoryError"}}}`).Matcher("shop")
	if diff := cmp.Diff([]string{"out-of-memory"}, fired(t, m, parse(t, "app", "web.1", "q=MemoryError"))); diff != "" {
		t.Error(diff)
	}
}

// A line is matched as a whole, even if Heroku split it.
func TestSplitLines(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	var body strings.Builder
	for _, frame := range chunksOf("[" + strings.Repeat("x", 9_980) + "] ERROR:  deadlock detected") {
		body.WriteString(frame)
	}
	lines := logformat.Lines([]byte(body.String()))
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	if diff := cmp.Diff([]string{"deadlock"}, fired(t, m, lines[0])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func chunksOf(text string) []string { return logplextest.Chunks(noon, "web.1", text) }
