package alert

// requestRules returns the rules about responses. They are about those of the app: a line with an error code counts for the code alone.
func requestRules() []*DefaultRule {
	request := func(name, title string, kind Kind, level Level, threshold int, window Duration) *DefaultRule {
		return &DefaultRule{Rule: Rule{Name: name, Kind: kind, Title: title, Level: level, Origin: Default, Threshold: threshold, Window: window, Cooldown: 10 * minute}}
	}
	slow := request("slow-requests", "Slow requests", Slow, Warning, 10, 5*minute).says(
		"Requests took more than 5 seconds until the response was complete. WebSocket connections do not count.",
		"Look at the affected paths, and at the load and the locks of the database. Exclude paths that are slow on purpose with exclude_paths.")
	slow.Rule.Over = new(5000.0)
	status := func(d *DefaultRule, status string) *DefaultRule {
		d.Rule.Status = status
		return d
	}
	response := func(status string) string {
		return `at=info` + postRequest + ` dyno=web.1 connect=1ms service=18ms status=` + status + ` bytes=1234 protocol=https tls=true tls_version=tls1.3`
	}
	return []*DefaultRule{
		slow.like("heroku", "router", `at=info`+getRequest+` dyno=web.1 connect=1ms service=7421ms status=200 bytes=1234 protocol=https`),
		status(request("status-5xx", "Server errors", Status, Critical, 20, 5*minute).says(
			"The app answered requests with a status of 500 or more.",
			"Look at what the dynos printed for the affected paths, and whether a release came just before."), "5xx").
			like("heroku", "router", response("500")),
		status(request("status-429", "Too many requests", Status, Warning, 50, minute).says(
			"The app answered requests with 429: clients send more than it allows.",
			"Look at who sends them. It is an attack, a scraper, or a limit that is too low."), "429").
			like("heroku", "router", response("429")),
		status(request("status-401", "Unauthorized requests", Status, Warning, 100, hour).says(
			"The app answered many requests with 401: somebody tries passwords, or a client has an old one.",
			"Look at the affected paths, and who calls them."), "401").
			like("heroku", "router", response("401")),
	}
}

// sampleRules returns the rules about figures. Heroku writes those of dynos only if log-runtime-metrics is on, and those of data stores for plans
// above Essential and Mini. The figures called "percentage" are fractions: 0.8 is 80 %.
// https://devcenter.heroku.com/articles/log-runtime-metrics https://devcenter.heroku.com/articles/heroku-postgres-metrics-logs
// https://devcenter.heroku.com/articles/heroku-redis-metrics-logs
func sampleRules() []*DefaultRule {
	sample := func(name, title, process, metric string, over float64, inARow int, interval Duration) *DefaultRule {
		return &DefaultRule{Rule: Rule{
			Name: name, Kind: Samples, Title: title, Level: Warning, Origin: Default, Threshold: inARow, Cooldown: 10 * minute,
			Process: process, Metric: metric, Over: &over, Interval: interval,
		}}
	}
	const (
		ofDyno = "source=web.1 dyno=heroku.145151706.d97d0ea7-cf3d-411b-b453-d2943a50b456 "

		postgres = "source=DATABASE addon=postgresql-curly-12345 sample#current_transaction=1873 sample#db_size=26219348792bytes sample#tables=13 " +
			"sample#active-connections=182 sample#waiting-connections=14 sample#max-connections=200 sample#connections-percentage-used=0.91 " +
			"sample#index-cache-hit-rate=0.99723 sample#table-cache-hit-rate=0.99118 sample#load-avg-1m=8.39 sample#load-avg-5m=7.325 sample#load-avg-15m=4.3 " +
			"sample#read-iops=2800 sample#write-iops=112.73 sample#max-iops=3000 sample#iops-percentage-used=0.97 sample#memory-total=4045060kB " +
			"sample#memory-free=159696kB sample#memory-cached=3707032kB sample#memory-postgres=182592kB"

		redis = "source=REDIS addon=redis-rugged-24473 sample#active-connections=37 sample#max-connections=40 sample#connection-percentage-used=0.925 " +
			"sample#load-avg-1m=8.51 sample#load-avg-5m=8.09 sample#load-avg-15m=6.135 sample#read-iops=0 sample#write-iops=0 sample#memory-total=16167800kB " +
			"sample#memory-free=10693340kB sample#memory-cached=979072kB sample#memory-redis=5116080bytes sample#hit-rate=0.9 sample#evicted-keys=0"
	)
	return []*DefaultRule{
		sample("dyno-memory", "Dyno memory nearly full", "", "memory_total / memory_quota", 0.95, 15, 20*second).says(
			"A dyno has used more than 95 % of its memory for five minutes. Above 100 % it swaps and becomes slow.",
			"Look at its memory since the last release. Run fewer workers or threads, or use a larger dyno.").
			like("heroku", "web.1", ofDyno+"sample#memory_total=498.21MB sample#memory_rss=470.10MB sample#memory_cache=20.11MB sample#memory_swap=8.00MB "+
				"sample#memory_pgpgin=348836pages sample#memory_pgpgout=343403pages sample#memory_quota=512.00MB"),
		sample("dyno-load", "Dyno overloaded", "", "load_avg_1m", 4, 15, 20*second).says(
			"More than four processes or threads of a dyno have been waiting for the CPU for five minutes.",
			"Look at what the dyno is working on. Use more dynos or larger ones, or raise the limit for dynos with many cores.").
			like("heroku", "web.1", ofDyno+"sample#load_avg_1m=9.46 sample#load_avg_5m=6.12 sample#load_avg_15m=3.70"),
		sample("postgres-connections", "Postgres connections nearly used up", "heroku-postgres", "connections-percentage-used", 0.8, 3, minute).says(
			"More than 80 % of the database's connections are in use. Without a free one, the app cannot connect.",
			"Look for dynos or pools that were added. Use a smaller pool in each process, or PgBouncer.").
			like("app", "heroku-postgres", postgres),
		sample("postgres-waiting", "Postgres queries wait for locks", "heroku-postgres", "waiting-connections", 10, 3, minute).says(
			"More than ten connections wait for locks of others.",
			"Find the query that blocks the others: heroku pg:locks and heroku pg:blocking.").
			like("app", "heroku-postgres", postgres),
		sample("postgres-load", "Postgres overloaded", "heroku-postgres", "load-avg-1m", 4, 5, minute).says(
			"The load of the database's server has been over 4 for five minutes.",
			"Look at heroku pg:outliers and at queries without an index. Raise the limit for a plan with many cores.").
			like("app", "heroku-postgres", postgres),
		sample("postgres-iops", "Postgres I/O nearly used up", "heroku-postgres", "iops-percentage-used", 0.9, 5, minute).says(
			"The database has used more than 90 % of its plan's I/O for five minutes, so queries become slow.",
			"Look at heroku pg:outliers and at the cache hit rate: a larger plan has more memory and more I/O.").
			like("app", "heroku-postgres", postgres),
		sample("redis-connections", "Key-Value Store connections nearly used up", "heroku-redis", "connection-percentage-used", 0.8, 3, minute).says(
			"More than 80 % of the Key-Value Store's connections are in use. Without a free one, the app cannot connect.",
			"Look for dynos or pools that were added, and at the timeout for idle connections: heroku redis:timeout.").
			like("app", "heroku-redis", redis),
		sample("redis-load", "Key-Value Store overloaded", "heroku-redis", "load-avg-1m", 6, 5, minute).says(
			"The load of the Key-Value Store's server has been over 6 for five minutes. Small plans share their server with others.",
			"Look for slow commands, such as KEYS, and large values.").
			like("app", "heroku-redis", redis),
	}
}
