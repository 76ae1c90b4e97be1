package insights

// What the queries take from Heroku's lines, which are in the field herokuLine.

// The fields of a router line whose values a request can choose, such as its path, come before dyno, connect, service, status and bytes. So the
// last of these in a line are the router's, whatever other fields are between and behind them. One without a value counts, too: else a path could
// stand in for it. Where the line is the members of an object, it begins with a quote, and quotes in values are escaped.
// https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
var (
	// status makes the field httpStatus. Almost every request has one, even if no dyno answered it.
	status = pipe(
		`parse herokuLine /^(?:".*,"status":|[^"].* status=)(?<statusText>[^ ,}]*)/`,
		`parse statusText /^(?<httpStatus>\d+)$/`,
	)
	// service makes the field serviceMs. Requests that reached no dyno have none.
	service = pipe(
		`parse herokuLine /^(?:".*,"service":|[^"].* service=)(?<serviceText>[^ ,}]*)/`,
		`parse serviceText /^(?<serviceMs>\d+)(?:ms)?$/`,
	)
)

const (
	// path makes the field requestPath: the path without its query string, which would make almost every path a different one. Up to the first
	// character that cannot be in a path.
	path = `parse herokuLine /(?: path=\\?"?|,"path":")(?<requestPath>[^?"\\ ]*)/`
)

// code makes the field errorCode: that of a router line, where it comes before the method and the path, or of a line such as
// "Error R14 (Memory quota exceeded)".
// https://devcenter.heroku.com/articles/error-codes
var code = pipe(
	`parse herokuLine /^(?<beforeRequest>.*?)(?:(?: |,")(?:method|path)(?:=|":)|$)/`,
	`parse beforeRequest /^(?:(?:[^ "=]+=(?:[^ "]*|\\?"[^"]*") )*code=|(?:"[^"\\]*":(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^",]*),)*"code":")(?<routerCode>[A-Z]\d+)(?:[ "]|$)/`,
	`parse herokuLine /^Error (?<platformCode>[A-Z]\d+)[ :]/`,
	`fields coalesce(routerCode, platformCode) as errorCode`,
)

const (
	// release makes the field releaseVersion.
	release = `parse herokuLine /^Release (?<releaseVersion>v\d+) created by /`
	// releaser makes the field releasedBy.
	releaser = `parse herokuLine /^Release v\d+ created by (?<releasedBy>.+)/`
)

// series makes the field dynoOfApp, which names one of the lines in a graph: such a graph can group by only one field besides the time.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
const series = `fields concat(herokuApp, " ", processName) as dynoOfApp`

// database makes the field databaseName: that of the config variable of an attachment, such as DATABASE.
const database = `parse herokuLine /^(?:source=|".*,"data":\{"source":")(?<databaseName>[^ "]+)[ "]/`
