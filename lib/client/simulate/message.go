// Package simulate generates log lines like those of a Heroku app, and sends them to a drain. It needs neither Heroku nor an account.
package simulate

import (
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// origin is the syslog header of a line except for the time.
type origin struct {
	priority  int
	source    string        // APP-NAME: app for the app and its add-ons, heroku for the platform
	process   string        // PROCID: web.1, router, heroku-postgres
	precision time.Duration // of the time: microseconds for dynos and the platform, seconds for add-ons
}

// message returns a line. It ends in a newline if text does, because not all of Heroku's lines do.
func (o origin) message(at time.Time, text string) []byte {
	text, newline := strings.CutSuffix(text, "\n")
	return logplex.AppendLine(nil, logplex.Line{
		Priority: o.priority,
		Time:     at.UTC().Truncate(o.precision),
		Source:   []byte(o.source),
		Process:  []byte(o.process),
		Message:  []byte(text),
		Newline:  newline,
	})
}

func dyno(process string) origin {
	return origin{priority: logplex.PriorityDyno, source: "app", process: process, precision: time.Microsecond}
}

func platform(process string) origin {
	return origin{priority: logplex.PriorityPlatform, source: "heroku", process: process, precision: time.Microsecond}
}

func addon(process string) origin {
	return origin{priority: logplex.PriorityAddon, source: "app", process: process, precision: time.Second}
}

func router() origin {
	return origin{priority: logplex.PriorityRouter, source: "heroku", process: "router", precision: time.Microsecond}
}

// overflow is the origin of the L10 lines in the app's log.
func overflow() origin {
	return origin{priority: logplex.PriorityOverflow, source: "heroku", process: "logplex", precision: time.Microsecond}
}
