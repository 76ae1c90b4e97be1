package logplex_test

import (
	"bytes"
	"strings"

	"heroku-drains/lib/logplex"
)

// Lines as Heroku writes them. Those of dynos, the router and the platform end in a newline; those of Logplex itself, Postgres and Redis do
// not.
var (
	dynoState = "<40>1 2012-11-30T06:45:29+00:00 host app web.3 - State changed from starting to up\n"
	dynoLine  = "<190>1 2024-03-05T14:07:09.123456+00:00 host app web.1 - \x1b[32mStarted\x1b[0m GET \"/caf\xc3\xa9\" for 203.0.113.9\n"
	router    = "<158>1 2024-03-05T14:07:09.200001+00:00 host heroku router - at=info method=GET path=\"/caf%C3%A9?q=1\" host=shop.example.com " +
		"request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd=\"203.0.113.9\" dyno=web.1 connect=0ms service=18ms status=200 bytes=5312 protocol=https\n"
	routerError = "<158>1 2024-03-05T14:07:39.200001+00:00 host heroku router - at=error code=H12 desc=\"Request timeout\" method=POST path=\"/pay\" " +
		"host=shop.example.com request_id=0d9a2c1e-9a53-4d0b-9e0f-1f2f3a4b5c6d fwd=\"203.0.113.9\" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 " +
		"protocol=http1.1 tls=true tls_version=tls1.3\n"
	memory = "<45>1 2024-03-05T14:07:20.811523+00:00 host heroku web.1 - source=web.1 dyno=heroku.31415926.9f2d33a4-6c7c-4c1e-8a58-2c7a2d8a0b11 " +
		"sample#memory_total=384.00MB sample#memory_rss=380.10MB sample#memory_cache=3.90MB sample#memory_swap=0.00MB " +
		"sample#memory_pgpgin=34521pages sample#memory_pgpgout=12043pages sample#memory_quota=512.00MB\n"
	quota    = "<45>1 2024-03-05T14:07:21.000002+00:00 host heroku web.1 - Error R14 (Memory quota exceeded)\n"
	postgres = "<134>1 2024-03-05T14:07:22+00:00 host app heroku-postgres - source=DATABASE addon=postgresql-cubed-12345 sample#current_transaction=1873 " +
		"sample#db_size=26219348792bytes sample#tables=13 sample#active-connections=92 sample#waiting-connections=0 sample#index-cache-hit-rate=0.99723 " +
		"sample#load-avg-1m=0.14 sample#read-iops=0.1037 sample#memory-total=4046872kB sample#memory-postgres=151332kB"
	redis = "<134>1 2024-03-05T14:07:23+00:00 host app heroku-redis - source=REDIS addon=redis-cylindrical-54321 sample#active-connections=3 " +
		"sample#max-connections=40 sample#connection-percentage-used=0.075 sample#memory-total=16084924kB sample#memory-redis=13431632bytes " +
		"sample#hit-rate=0.99923 sample#evicted-keys=0"
	overflow = "<172>1 2014-12-08T22:17:12+00:00 host heroku logplex - Error L10 (output buffer overflow): 3 messages dropped since 2014-12-08T22:17:05+00:00"
	release  = "<190>1 2024-03-05T14:07:24.555555+00:00 host app api - Release v12 created by user dev@example.com\n"
	sql      = "<190>1 2024-03-05T14:07:25+00:00 host app postgres.1234 - [DATABASE] [7-1] duration: 2103 ms  statement: SELECT *\n  FROM carts\n WHERE id = 7"
)

var samples = []string{dynoState, dynoLine, router, routerError, memory, quota, postgres, redis, overflow, release, sql}

// body returns the messages as the body of one of Logplex's requests.
func body(messages ...string) string {
	var b []byte
	for _, m := range messages {
		b = logplex.AppendFrame(b, []byte(m))
	}
	return string(b)
}

// pieces returns the pieces of a body: messages, and malformed bytes after a "!".
func pieces(body string) []string {
	var out []string
	for f := range logplex.Frames([]byte(body)) {
		if f.Malformed {
			out = append(out, "!"+string(f.Raw))
		} else {
			out = append(out, string(f.Message))
		}
	}
	return out
}

// batch returns a body of about the size that Logplex aims at, 102,400 bytes, and the number of its lines.
func batch() ([]byte, int) {
	const target = 102_400 // http_drain_target_bytes in heroku/logplex, src/logplex.app.src
	all := body(samples...)
	n := target/len(all) + 1
	return bytes.Clone([]byte(strings.Repeat(all, n))), n * len(samples)
}
