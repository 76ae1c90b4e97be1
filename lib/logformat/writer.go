package logformat

import (
	"bytes"

	"heroku-drains/lib/logplex"
)

// Writer says who wrote a line. A dyno chooses its text, but neither its source nor its process, so only these say whether a text such as
// "Error R14" is Heroku's.
type Writer int

// The writers.
const (
	ByOther    Writer = iota // an add-on that is not Heroku's, or a sender other than Heroku
	ByDyno                   // app[web.1]: what the app prints
	ByRouter                 // heroku[router]: a request
	ByPlatform               // heroku[web.1]: the state of a dyno, its errors, and its metrics
	ByAddon                  // app[heroku-postgres]: metrics of a data store of Heroku's
	ByAPI                    // app[api]: releases, scaling, configuration
	ByLogplex                // heroku[logplex]: errors of the log system
	ByShuttle                // app[log-shuttle]: errors of the log system on the dyno's side
)

// Writer returns who wrote the line.
func (l *Line) Writer() Writer {
	if l.Malformed {
		return ByOther
	}
	switch string(l.Source) {
	case "app":
		switch {
		case logplex.IsDyno(l.Process):
			return ByDyno
		case string(l.Process) == "api":
			return ByAPI
		case string(l.Process) == "log-shuttle":
			return ByShuttle
		case bytes.HasPrefix(l.Process, addonPrefix):
			return ByAddon
		}
	case "heroku":
		switch {
		case string(l.Process) == "router":
			return ByRouter
		case logplex.IsDyno(l.Process):
			return ByPlatform
		case string(l.Process) == "api":
			return ByAPI
		case string(l.Process) == "logplex":
			return ByLogplex
		case bytes.HasPrefix(l.Process, addonPrefix):
			return ByAddon
		}
	}
	return ByOther
}

// HerokuText returns a message of Heroku's without a NILVALUE before it, which log-shuttle can send: see logplex.Line.
func HerokuText(message []byte) []byte { return bytes.TrimPrefix(message, nilValue) }
