// Package herokufake stands for Heroku's Platform API in tests, as far as log drains need it: over real HTTP, with state, the real one's
// refusals, pages and rate limit, and with faults on demand. https://devcenter.heroku.com/articles/platform-api-reference
package herokufake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
)

// Options say in what a Server differs from Heroku. The zero value is Heroku's way.
type Options struct {
	Key             string // the API key that is let in; empty: DefaultKey
	Email           string // of the account that the key belongs to; empty: ops@example.com
	PageSize        int    // objects in a page when the request does not say; 0: 200, as Heroku documents
	DrainLimit      int    // drains an app may have; 0: 5
	DuplicateStatus int    // what a drain's URL is refused with that the app has already; 0: 422 (Logplex itself: 409)
}

const (
	// DefaultKey is the API key of a Server whose Options name none.
	DefaultKey = "HRKU-test-key"
	// allTokens is how many requests an account has at first. https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	allTokens = 4500
)

// Server is a fake Platform API that listens on this machine.
type Server struct {
	options Options
	http    *httptest.Server
	faults  faults

	mu       sync.Mutex
	apps     map[string]*app
	tokens   int
	requests []Request
	ids      int // how many have been given out
}

// Request is what a Server keeps of a request: no key, and no body.
type Request struct {
	Method, Path     string
	Range, UserAgent string // headers
}

// Start returns a Server without apps.
func Start(options Options) *Server {
	if options.Key == "" {
		options.Key = DefaultKey
	}
	if options.Email == "" {
		options.Email = "ops@example.com"
	}
	if options.PageSize == 0 {
		options.PageSize = defaultPage
	}
	if options.DrainLimit == 0 {
		options.DrainLimit = 5
	}
	if options.DuplicateStatus == 0 {
		options.DuplicateStatus = http.StatusUnprocessableEntity
	}
	s := &Server{options: options, apps: map[string]*app{}, tokens: allTokens}
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) answer{
		"GET /account":                       s.account,
		"GET /apps":                          s.listApps,
		"GET /apps/{app}":                    s.getApp,
		"GET /teams/{team}/apps":             s.listTeamApps,
		"GET /apps/{app}/log-drains":         s.listDrains,
		"POST /apps/{app}/log-drains":        s.addDrain,
		"DELETE /apps/{app}/log-drains/{id}": s.removeDrain,
		"/": func(*http.Request) answer {
			return refusal(http.StatusNotFound, "not_found", "The requested API endpoint was not found.")
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, handle) })
	}
	s.http = httptest.NewServer(mux)
	return s
}

// URL is the Server's address, for HEROKU_API_URL.
func (s *Server) URL() string { return s.http.URL }

// Close stops the Server. It waits for requests under way.
func (s *Server) Close() { s.http.Close() }

// Requests are those that have arrived, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// SetTokens sets how many requests the account has left. None ever comes back by itself.
func (s *Server) SetTokens(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = n
}

// serve answers one request, unless a fault is in the way.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, handle func(*http.Request) answer) {
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.URL.EscapedPath(), r.Header.Get("Range"), r.UserAgent()})
	id := s.newID()
	s.mu.Unlock()

	fault := s.faults.match(r)
	fault.happen(r)
	if fault.Drop == DropBefore {
		panic(http.ErrAbortHandler)
	}
	a := fault.answer()
	if fault.Status == 0 {
		a = s.allowed(r, handle)
	}
	if fault.Drop == DropAfter {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Request-Id", id)
	a.write(w, fault.Drop == DropHalfway)
}

// allowed lets a request through to handle if it has the key, the right Accept header, and a token.
func (s *Server) allowed(r *http.Request, handle func(*http.Request) answer) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+s.options.Key {
		return refusal(http.StatusUnauthorized, "unauthorized", "Invalid credentials provided.")
	}
	var a answer
	switch {
	case s.tokens == 0:
		a = refusal(http.StatusTooManyRequests, "rate_limit",
			"Your account reached the API rate limit\nPlease wait a few minutes before making new requests")
	case !strings.Contains(r.Header.Get("Accept"), "application/vnd.heroku+json; version=3"):
		s.tokens--
		a = refusal(http.StatusNotAcceptable, "not_acceptable", "Set Accept: application/vnd.heroku+json; version=3 header and try again.")
	default:
		s.tokens--
		a = handle(r)
	}
	a.header.Set("RateLimit-Remaining", strconv.Itoa(s.tokens))
	return a
}

func (s *Server) account(*http.Request) answer {
	return ok(http.StatusOK, map[string]any{"id": "00000000-0000-4000-8000-ffffffffffff", "email": s.options.Email})
}

// newID is an id in the shape of Heroku's. The caller holds s.mu.
func (s *Server) newID() string {
	s.ids++
	return fmt.Sprintf("%08d-0000-4000-8000-000000000000", s.ids)
}
