package trace

import (
	"regexp"
	"strconv"
	"time"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// readRequest returns what a router line says about the request with an ID. It reports false if the line is about another request, or is not
// the router's.
func readRequest(app, id string, l *logformat.Line) (Request, bool) {
	if l.Writer() != logformat.ByRouter {
		return Request{}, false
	}
	pairs := routerPairs(l)
	if pairs["request_id"] != id {
		return Request{}, false
	}
	router := logformat.ReadRouter(logformat.HerokuText(l.Message))
	r := Request{
		App: app, EndedAt: l.Time, Method: string(router.Method), Host: pairs["host"], Path: string(router.Path), Code: string(router.Code),
		ConnectMS: number([]byte(pairs["connect"])), ServiceMS: number(router.Service), Bytes: number([]byte(pairs["bytes"])),
	}
	if r.Code != "" {
		r.Reason = pairs["desc"]
	}
	r.Status, _ = strconv.Atoi(string(router.Status)) // 0: it has none
	if logplex.IsDyno([]byte(pairs["dyno"])) {
		r.Dyno = pairs["dyno"]
	}
	r.StartedAt = r.EndedAt
	for _, part := range []*float64{r.ConnectMS, r.ServiceMS} {
		if part != nil && *part < longestRequest {
			r.StartedAt = r.StartedAt.Add(-time.Duration(*part * float64(time.Millisecond)))
		}
	}
	return r, true
}

// routerPairs returns the values of a router line by their names.
func routerPairs(l *logformat.Line) map[string]string {
	pairs := map[string]string{}
	logformat.Pairs(logformat.HerokuText(l.Message), func(name, value []byte) {
		if _, again := pairs[string(name)]; !again { // Heroku writes its own pairs before those that a request can influence
			pairs[string(name)] = string(value)
		}
	})
	return pairs
}

// longestRequest is a limit for times in milliseconds that can be a request's: a WebSocket may stay open for a day, until its dyno restarts.
// https://devcenter.heroku.com/articles/dynos#automatic-dyno-restarts
const longestRequest = 48 * 60 * 60 * 1000

// number returns the number that a value begins with; nil if there is none, or it is negative.
func number(value []byte) *float64 {
	n, _, ok := logformat.Number(value)
	if !ok || n < 0 {
		return nil
	}
	return &n
}

// released matches Heroku's line about a release.
// https://devcenter.heroku.com/articles/releases
var released = regexp.MustCompile(`^Release (v\d{1,9}) created by (?:user )?(.+)$`)

// readRelease returns the release that a line is about.
func readRelease(line Line, l *logformat.Line) (Release, bool) {
	if l.Writer() != logformat.ByAPI {
		return Release{}, false
	}
	m := released.FindSubmatch(logformat.HerokuText(l.Message))
	if m == nil {
		return Release{}, false
	}
	return Release{App: line.App, Version: string(m[1]), By: string(m[2]), At: l.Time, Line: line}, true
}
