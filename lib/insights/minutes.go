package insights

// The columns of the query Minutes.
const (
	MinuteColumn = "minute"
	AppColumn    = "herokuApp"
	LinesColumn  = "lines"
	// KindColumn is RouterKind in the rows of the router's lines, and empty or missing in the others.
	KindColumn = "lineKind"
	RouterKind = "router"
	// ClassColumn and a digit is the number of requests whose status begins with the digit.
	ClassColumn = "class"
	// TimedColumn is the number of requests that a dyno answered. The columns of ServicePercents are about their service times, in ms.
	TimedColumn = "timed"
)

// ServiceColumns returns the columns with the service times that this share of the requests did not exceed: 0 is the fastest, 1 the slowest.
func ServiceColumns() map[string]float64 {
	return map[string]float64{"fastest": 0, "p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "slowest": 1}
}

// Minutes returns the query for what each app did in each minute: lines, requests by the class of their status, and service times. It is one
// query for all of this, because each is charged for all that it scans.
//
// It counts all lines, so it cannot keep only the router's. Instead it has rows of their own for these, with RouterKind: in the other rows, all but
// the number of lines means nothing, for an app can print JSON with members that have the names of these columns.
func (s Set) Minutes() Query {
	return Query{ID: "Minutes", Title: "each minute of each app", Text: pipe(
		s.app(),
		`filter ispresent(`+AppColumn+`)`,
		`parse @message /^(?:heroku\[|`+jsonStart+`"source":"heroku","process":")?(?<`+KindColumn+`>(?:router)?)/`,
		`parse @message /^heroku\[router\]: (?<textLine>.*)/`,
		`parse @message /^`+jsonStart+`.*?"message":"(?<jsonLine>[^"\\]*(?:\\.[^"\\]*)*)"/`,
		`parse @message /^\{"source":"heroku","process":"router",(?<leanLine>.*)/`,
		`fields coalesce(textLine, jsonLine, leanLine) as herokuLine`,
		status,
		`parse httpStatus /^(?<status1>1)/`,
		`parse httpStatus /^(?<status2>2)/`,
		`parse httpStatus /^(?<status3>3)/`,
		`parse httpStatus /^(?<status4>4)/`,
		`parse httpStatus /^(?<status5>5)/`,
		service,
		`stats count(*) as `+LinesColumn+`, count(status1) as class1, count(status2) as class2, count(status3) as class3, count(status4) as class4, `+
			`count(status5) as class5, count(serviceMs) as `+TimedColumn+`, min(serviceMs) as fastest, pct(serviceMs, 50) as p50, pct(serviceMs, 90) as p90, `+
			`pct(serviceMs, 95) as p95, pct(serviceMs, 99) as p99, max(serviceMs) as slowest by bin(1m) as `+MinuteColumn+`, `+AppColumn+`, `+KindColumn,
	)}
}
