// Package herokufake is a fake of Heroku's Platform API for tests, with the operations that log drains need. It listens for HTTP, keeps state,
// and has Heroku's error responses, pages, rate limit, and faults on demand. https://devcenter.heroku.com/articles/platform-api-reference
package herokufake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
)

// Options configure a Server. The zero value behaves like Heroku.
type Options struct {
	Key             string // the valid API key; empty for DefaultKey
	Email           string // of the account of the key; empty for ops@example.com
	PageSize        int    // objects per page by default; 0 for 200, as Heroku documents
	DrainLimit      int    // drains per app; 0 for 5
	DuplicateStatus int    // the status when an app already has a drain with the URL; 0 for 422 (Logplex itself: 409)
}

const (
	// DefaultKey is the API key of a Server without Options.Key.
	DefaultKey = "HRKU-test-key"
	// allTokens is the number of requests that an account starts with. https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	allTokens = 4500
)

// Server is a fake Platform API on this machine.
type Server struct {
	options Options
	http    *httptest.Server
	faults  faults

	mu       sync.Mutex
	apps     map[string]*app
	tokens   int
	requests []Request
	ids      int // the number of ids in use
}

// Request is the record of a request. It contains neither the key nor the body.
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

// URL returns the address of the Server, for HEROKU_API_URL.
func (s *Server) URL() string { return s.http.URL }

// Close stops the Server after the current requests.
func (s *Server) Close() { s.http.Close() }

// Requests returns the requests received so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// SetTokens sets how many requests the account has left. Unlike Heroku, the Server never adds any.
func (s *Server) SetTokens(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = n
}

// serve answers one request, or applies a fault to it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, handle func(*http.Request) answer) {
	s.mu.Lock()
	s.requests = append(s.requests, Request{
		Method: r.Method, Path: r.URL.EscapedPath(), Range: r.Header.Get("Range"), UserAgent: r.UserAgent(),
	})
	id := s.newID()
	s.mu.Unlock()

	fault := s.faults.match(r)
	fault.delay(r)
	if fault.Drop == DropBefore {
		panic(http.ErrAbortHandler)
	}
	a := fault.answer()
	if fault.Status == 0 {
		a = s.authorize(r, handle)
	}
	if fault.Drop == DropAfter {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Request-Id", id)
	a.write(w, fault.Drop == DropHalfway)
}

// authorize passes a request on to handle if it has the key and the right Accept header, and the account has tokens left.
func (s *Server) authorize(r *http.Request, handle func(*http.Request) answer) answer {
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

// newID returns an id in Heroku's format. The caller must hold s.mu.
func (s *Server) newID() string {
	s.ids++
	return fmt.Sprintf("%08d-0000-4000-8000-000000000000", s.ids)
}
