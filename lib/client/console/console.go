// Package console serves a page for the browser that shows what an installation does, live: lines, drains, alerts, and plots of the last hour. The
// page is in the folder page; the rest of the package is the JSON API that it calls.
//
// Everything that it answers may have been written by strangers, for an app's log contains what its visitors send. So it is JSON and never
// HTML, and the page shows it as text. Other web sites, and other users of the machine, must not read it: see guard.
package console

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
)

const (
	// pingInterval is the time between two pings of a tail, which show the page that the connection lives.
	pingInterval = 15 * time.Second
	// How long an answer serves all pages. Lists cost calls, the dead letters a few more, and AWS charges a query for all that it scans.
	keepLists       = 10 * time.Second
	keepDeadLetters = time.Minute
	keepStats       = time.Minute
	keepToday       = 5 * time.Minute
	// keepLocal is how long an answer of the local system does, which costs nothing, and queryLocal that of its queries, which take a second.
	keepLocal  = time.Second
	queryLocal = 4 * time.Second
)

// Options configure a Console.
type Options struct {
	Installation *installation.Installation // what it shows
	// Addr is the address of the listener, such as 127.0.0.1:8081. Requests to another host or port are refused.
	Addr string
	// Token is what each request of the API must carry, as `Authorization: Bearer …`; empty: nothing. The local system needs none: everybody
	// knows its access key.
	Token   string
	Stack   string // the stack's name, for the page's title
	Program string // how the CLI is called for this installation, for the page's hints: "heroku-drains-cli --local"
	// Meter says what the traffic would cost; nil: that is unknown.
	Meter Meter
	// Explain returns an error as a sentence for people; nil: cause.Plain.
	Explain func(error) string
	// Wait waits between two searches for new lines: clock.Sleep, or a test's own. nil: clock.Sleep.
	Wait func(context.Context, time.Duration) error
	// Now is the time; nil: time.Now.
	Now func() time.Time
	// Ping is the time between two pings of a tail; 0: 15 s.
	Ping time.Duration
}

// Console is the page and its API. It is an http.Handler that is safe for concurrent use. Close ends it.
type Console struct {
	opts   Options
	routes http.Handler

	list    cache[[]drain.Drain]
	alerts  cache[[]alert.Alert]
	dead    cache[deadCount]
	counted deadCount // before; only the load of dead uses it
	stats   cache[hour]
	today   cache[today]
	streams atomic.Int32 // open responses of /api/lines
	plays   plays

	ctx    context.Context // of what goes on after a request; Close cancels it
	cancel context.CancelFunc
	mu     sync.Mutex // guards the beginning of work
	work   sync.WaitGroup
}

// New returns a Console. It makes no calls before the first request. The caller must close it.
func New(opts Options) *Console {
	if opts.Explain == nil {
		opts.Explain = cause.Plain
	}
	if opts.Wait == nil {
		opts.Wait = clock.Sleep
	}
	if opts.Ping == 0 {
		opts.Ping = pingInterval
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	c := &Console{opts: opts}
	lists, deadLetters, stats, ofToday := keepLists, keepDeadLetters, keepStats, keepToday
	if opts.Installation.IsLocal() {
		lists, deadLetters, stats, ofToday = keepLocal, keepLocal, queryLocal, queryLocal
	}
	c.list = cache[[]drain.Drain]{load: c.loadDrains, keep: lists}
	c.alerts = cache[[]alert.Alert]{load: c.loadAlerts, keep: lists}
	c.dead = cache[deadCount]{load: c.loadDeadLetters, keep: deadLetters}
	c.stats = cache[hour]{load: c.loadStats, keep: stats}
	c.today = cache[today]{load: c.loadToday, keep: ofToday}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.routes = c.newGuard(c.newRoutes())
	return c
}

// newRoutes returns what answers the requests that the guard lets through.
func (c *Console) newRoutes() http.Handler {
	routes := http.NewServeMux()
	api := func(path string, serve func(http.ResponseWriter, *http.Request) error) {
		routes.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := serve(w, r); err != nil {
				c.answerError(w, r, err)
			}
		})
	}
	api("GET /api/config", c.serveConfig)
	api("GET /api/drains", c.serveDrains)
	api("GET /api/lines", c.serveLines)
	api("GET /api/alerts", c.serveAlerts)
	api("GET /api/stats", c.serveStats)
	api("GET /api/story", c.serveStory)
	if c.opts.Installation.IsLocal() {
		api("GET /api/play", c.servePlays)
		api("POST /api/play", c.startPlay)
	}
	if c.opts.Meter != nil {
		api("GET /api/cost", c.serveCost)
	}
	api("/api/", func(http.ResponseWriter, *http.Request) error {
		return refuse(http.StatusNotFound, "There is no such address.")
	})
	routes.Handle("/", newPage())
	return routes
}

// ServeHTTP answers a request.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.routes.ServeHTTP(w, r) }

// Close ends what goes on after a request, and waits for it. It does not end requests: see Serve.
func (c *Console) Close() {
	c.mu.Lock()
	c.cancel()
	c.mu.Unlock()
	c.work.Wait()
}

// goWork does what goes on after a request. After Close it does nothing.
func (c *Console) goWork(do func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() == nil {
		c.work.Go(func() { do(c.ctx) })
	}
}
