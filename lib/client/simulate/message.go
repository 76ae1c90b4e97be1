// Package simulate makes the traffic that Heroku's Logplex sends to a drain, and sends it the way Logplex does: the same headers,
// time-out, tries and losses. It needs neither Heroku nor an account.
package simulate

import (
	"fmt"
	"time"
)

// Priorities as they are seen on drains: facility times eight plus severity (RFC 5424, 6.2.1).
const (
	priorityState    = 45  // syslog.notice: the platform about a dyno
	priorityAddon    = 134 // local0.info: Postgres and Redis samples
	priorityRouter   = 158 // local3.info
	priorityOverflow = 172 // local5.warning: L10
	priorityDyno     = 190 // local7.info: a dyno's output, stdout and stderr alike
)

// Dynos and the router stamp their lines in microseconds (with trailing zeros dropped), add-ons and L10 in whole seconds.
const (
	microseconds = "2006-01-02T15:04:05.999999-07:00"
	seconds      = "2006-01-02T15:04:05-07:00"
)

// header is one line's envelope in Heroku's syslog: RFC 5424 without STRUCTURED-DATA, and with the word "host" for a host name.
type header struct {
	priority int
	layout   string
	source   string // APP-NAME: app for what the app and its add-ons say, heroku for the platform
	process  string // PROCID: web.1, router, heroku-postgres
}

// message is a line with its header. Whether it ends in a newline is the text's own affair: Heroku's lines differ in that.
func (h header) message(at time.Time, text string) []byte {
	return fmt.Appendf(nil, "<%d>1 %s host %s %s - %s", h.priority, at.UTC().Format(h.layout), h.source, h.process, text)
}

func dyno(process string) header {
	return header{priorityDyno, microseconds, "app", process}
}

func platform(process string) header {
	return header{priorityState, microseconds, "heroku", process}
}

func addon(process string) header {
	return header{priorityAddon, seconds, "app", process}
}

var router = header{priorityRouter, microseconds, "heroku", "router"}
