package insights

import (
	"regexp"
	"strings"
)

// origin is who wrote a line: patterns for its source and its process.
type origin struct{ source, process string }

const (
	anyProcess = `[^\]"]*`
	// appOrHeroku is for processes that only Heroku has: a dyno's has a number after it. See logformat.Writer.
	appOrHeroku = "(?:app|heroku)"
)

var (
	router        = origin{source: "heroku", process: "router"}
	platform      = origin{source: "heroku", process: anyProcess} // the router, too
	logShuttle    = origin{source: "app", process: "log-shuttle"}
	postgres      = origin{source: appOrHeroku, process: "heroku-postgres"}
	keyValueStore = origin{source: appOrHeroku, process: "heroku-redis"}
	herokuAPI     = origin{source: appOrHeroku, process: "api"}
)

// jsonStart matches the start of an event in the JSON format, up to its source. Older versions wrote the time and the app first.
const jsonStart = `\{(?:"time":"[^"]*","app":"[^"]*",)?`

// from keeps the lines of these origins, and makes their messages the field herokuLine. In JSON events, quotes and backslashes in it are escaped.
// Without the "- " that log-shuttle can put before a message: see logplex.Line. The herokuLine of a JSON event without a message is what follows
// its process: it begins with a quote, and has the fields as members.
func from(origins ...origin) string {
	var starts []string
	for _, o := range origins {
		starts = append(starts,
			o.source+`\[`+o.process+`\]: `,
			jsonStart+`"source":"`+o.source+`","process":"`+o.process+`",`)
	}
	return pipe(
		`filter @message like /^(?:`+strings.Join(starts, "|")+`)/`,
		`parse @message /^[^{\[]*\[[^\]]*\]: (?:- )?(?<textLine>.*)/`,
		`parse @message /^\{.*?"message":"(?:- )?(?<jsonLine>[^"\\]*(?:\\.[^"\\]*)*)"/`,
		`parse @message /^\{"source":"[^"]*","process":"[^"]*",(?<leanLine>.*)/`,
		`fields coalesce(textLine, jsonLine, leanLine) as herokuLine`,
	)
}

// process makes the line's process the field processName.
const process = `parse @message /^(?:[^{\[]*\[|` + jsonStart + `"source":"[^"]*","process":")(?<processName>[^\]"]*)/`

// app makes the app's name the field herokuApp.
func (s Set) app() string {
	return `parse @logStream /^` + literal(s.StreamPrefix) + `(?<herokuApp>[a-z0-9-]+)$/`
}

// literal returns a pattern for a text. The pattern contains no # because that begins a comment in a query; AWS's documentation does not say
// whether it does so in a pattern, too.
func literal(text string) string {
	return strings.NewReplacer("/", `\/`, "#", `\x23`).Replace(regexp.QuoteMeta(text))
}

// sample makes a sample of a line of metrics the field name. The unit is what Heroku writes after the number, if anything.
// https://devcenter.heroku.com/articles/log-runtime-metrics https://devcenter.heroku.com/articles/heroku-postgres-metrics-logs
func sample(sample, unit, name string) string {
	return `parse herokuLine /^(?:source=.* sample.` + sample + `=|".*,"` + sample + `":)(?<` + name + `>[0-9.]+)(?:` + unit + `(?: |$)|[,}])/`
}
