package insights

// Widgets returns the queries of the apps' dashboard, in the order in which it shows them. Each graph has a point every five minutes, and a query
// returns at most 10,000 points.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
func (s Set) Widgets() []Widget {
	return []Widget{
		{View: Stack, Query: Query{ID: "Lines", Title: "Lines by app", Text: pipe(
			s.app(),
			`filter ispresent(herokuApp)`,
			`stats count(*) as lines by bin(5m), herokuApp`,
		)}},
		{View: Stack, Query: Query{ID: "Volume", Title: "Volume by app (characters)", Text: pipe(
			s.app(),
			`filter ispresent(herokuApp)`,
			`fields strlen(@message) as length`,
			`stats sum(length) as characters by bin(5m), herokuApp`,
		)}},
		{View: Stack, Query: Query{ID: "Statuses", Title: "Requests by status", Text: pipe(
			from(router),
			status,
			`filter ispresent(httpStatus)`,
			`stats count(*) as requests by bin(5m), httpStatus`,
		)}},
		{View: Lines, Query: Query{ID: "ServiceTimes", Title: "Service time of requests (ms)", Text: pipe(
			from(router),
			service,
			`filter ispresent(serviceMs)`,
			`stats pct(serviceMs, 50) as p50, pct(serviceMs, 95) as p95, pct(serviceMs, 99) as p99 by bin(5m)`,
		)}},
		{View: Stack, Query: Query{ID: "Errors", Title: "Heroku errors by code", Text: pipe(
			from(platform, logShuttle),
			code,
			`filter ispresent(errorCode)`,
			`stats count(*) as errors by bin(5m), errorCode`,
		)}},
		{View: Table, Query: Query{ID: "ErrorsByApp", Title: "Heroku errors by app and code", Text: s.errorsByApp()}},
		{View: Lines, Query: Query{ID: "Memory", Title: "Memory by dyno (MB)", Text: pipe(
			s.dynos(sample("memory_total", "MB", "memory")),
			`filter ispresent(memory)`,
			series,
			`stats max(memory) as memoryMB by bin(5m), dynoOfApp`,
		)}},
		{View: Lines, Query: Query{ID: "Load", Title: "Load by dyno (average of 1 minute)", Text: pipe(
			s.dynos(sample("load_avg_1m", "", "load")),
			`filter ispresent(load)`,
			series,
			`stats max(load) as load1m by bin(5m), dynoOfApp`,
		)}},
		{View: Table, Query: Query{ID: "Postgres", Title: "Postgres databases (worst figures)", Text: pipe(
			from(postgres),
			s.app(),
			database,
			sample("connections-percentage-used", "", "connections"),
			sample("waiting-connections", "", "waiting"),
			sample("load-avg-1m", "", "load"),
			sample("memory-percentage-used", "", "memory"),
			sample("index-cache-hit-rate", "", "indexHits"),
			sample("table-cache-hit-rate", "", "tableHits"),
			sample("db_size", "bytes", "size"),
			`filter ispresent(databaseName)`,
			`stats max(connections) as connectionsUsed, max(waiting) as connectionsWaiting, max(load) as load1m, max(memory) as memoryUsed, `+
				`min(indexHits) as indexHitRate, min(tableHits) as tableHitRate, max(size) as sizeBytes by herokuApp, databaseName`,
			`sort connectionsUsed desc`,
		)}},
		{View: Table, Query: Query{ID: "KeyValueStores", Title: "Key-Value Stores (worst figures)", Text: pipe(
			from(keyValueStore),
			s.app(),
			database,
			sample("connection-percentage-used", "", "connections"),
			sample("load-avg-1m", "", "load"),
			sample("hit-rate", "", "hits"),
			sample("evicted-keys", "", "evicted"),
			sample("memory-redis", "bytes", "memory"),
			`filter ispresent(databaseName)`,
			`stats max(connections) as connectionsUsed, max(load) as load1m, min(hits) as hitRate, max(evicted) as evictedKeys, `+
				`max(memory) as memoryBytes by herokuApp, databaseName`,
			`sort connectionsUsed desc`,
		)}},
		{View: Table, Query: Query{ID: "Releases", Title: "Releases", Text: pipe(
			from(herokuAPI),
			release,
			releaser,
			`filter ispresent(releaseVersion)`,
			s.app(),
			`display @timestamp, herokuApp, releaseVersion, releasedBy`,
			`sort @timestamp desc`,
			`limit 50`,
		)}},
	}
}

// dynos keeps the lines of the dynos' metrics, with the app and the dyno, and takes samples of them.
func (s Set) dynos(samples ...string) string {
	return pipe(from(platform), s.app(), process, pipe(samples...))
}

// errorsByApp counts the codes of Heroku's errors.
func (s Set) errorsByApp() string {
	return pipe(
		from(platform, logShuttle),
		code,
		`filter ispresent(errorCode)`,
		s.app(),
		`stats count(*) as errors by herokuApp, errorCode`,
		`sort errors desc`,
		`limit 100`,
	)
}
