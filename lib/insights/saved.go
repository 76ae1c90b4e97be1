package insights

// RequestID is what the query RequestByID has in place of a request's ID.
const RequestID = "REQUEST-ID"

// Saved returns the queries that the stack saves. They are for the whole log group; their first line says how to limit them to one app.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
func (s Set) Saved() []Query {
	return []Query{
		{ID: "SlowestPaths", Title: "slowest paths", Text: s.forOneApp(
			from(router),
			service,
			path,
			`filter ispresent(serviceMs) and ispresent(requestPath)`,
			s.app(),
			`stats count(*) as requests, pct(serviceMs, 50) as p50, pct(serviceMs, 95) as p95, max(serviceMs) as slowest by herokuApp, requestPath`,
			`sort p95 desc`,
			`limit 100`,
		)},
		{ID: "ErrorsByCode", Title: "errors by code", Text: s.forOneApp(s.errorsByApp())},
		{ID: "StatusMix", Title: "status mix", Text: s.forOneApp(
			from(router),
			status,
			`filter ispresent(httpStatus)`,
			s.app(),
			`stats count(*) as requests by herokuApp, httpStatus`,
			`sort herokuApp asc, requests desc`,
		)},
		{ID: "MemoryByDyno", Title: "memory by dyno", Text: s.forOneApp(
			s.dynos(sample("memory_total", "MB", "memory"), sample("memory_swap", "MB", "swap"), sample("memory_quota", "MB", "quota")),
			`filter ispresent(memory)`,
			`stats max(memory) as highestMB, avg(memory) as averageMB, max(swap) as swapMB, max(quota) as quotaMB by herokuApp, processName`,
			`sort highestMB desc`,
			`limit 100`,
		)},
		{ID: "RequestByID", Title: "one request by its ID", Text: s.forOneApp(
			`fields @timestamp, @logStream, @message`,
			`filter @message like "`+RequestID+`"`,
			`sort @timestamp asc`,
			`limit 1000`,
		)},
		{ID: "AfterRelease", Title: "after the last release", Text: "# The newest first: errors above the first release came after it.\n" + s.forOneApp(
			from(platform, logShuttle, herokuAPI),
			release,
			code,
			`filter ispresent(releaseVersion) or ispresent(errorCode)`,
			s.app(),
			`display @timestamp, herokuApp, releaseVersion, errorCode, herokuLine`,
			`sort @timestamp desc`,
			`limit 1000`,
		)},
		{ID: "BiggestTalkers", Title: "biggest talkers", Text: s.forOneApp(
			s.app(),
			process,
			`fields strlen(@message) as length`,
			`filter ispresent(herokuApp)`,
			`stats count(*) as lines, sum(length) as characters by herokuApp, processName`,
			`sort characters desc`,
			`limit 100`,
		)},
	}
}

// forOneApp puts a comment before the commands that says how to query one app only. Logs Insights has an index of @logStream, so such a query is
// faster, and scans only that app's lines.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html
func (s Set) forOneApp(commands ...string) string {
	return `# For one app, begin with: filter @logStream = "` + s.StreamPrefix + "APP\" |\n" + pipe(commands...)
}
