// Package herokufake is a fake of Heroku's Platform API, with the operations that log drains need, for the local system and for tests. It
// listens for HTTP, keeps state, and has Heroku's error responses, pages, rate limit, and faults on demand. It sends no log lines.
// https://devcenter.heroku.com/articles/platform-api-reference
package herokufake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options configure a Server. The zero value behaves like Heroku.
type Options struct {
	Addr            string // the listen address; empty for a free port of 127.0.0.1
	Key             string // the valid API key; empty for DefaultKey
	Email           string // of the account of the key; empty for ops@example.com
	PageSize        int    // objects per page by default; 0 for 200, as Heroku documents
	DrainLimit      int    // drains per app; 0 for 5
	DuplicateStatus int    // the status when an app already has a drain with the URL; 0 for 422 (Logplex itself: 409)
	// File keeps the drains, so that a later Server with this file has them; empty: they are gone when the Server stops. One Server at a time may
	// use it.
	File string
	// TokensPerMinute is how many requests are added to what the account has left, up to AllTokens. Heroku adds 75; with 0, none are added.
	TokensPerMinute int
	Now             func() time.Time // the clock by which tokens are added; nil: time.Now
}

const (
	// DefaultKey is the API key of a Server without Options.Key.
	DefaultKey = "HRKU-test-key"
	// AllTokens is the number of requests that an account has at most, and TokensPerMinute how many Heroku adds every minute.
	// https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	AllTokens       = 4500
	TokensPerMinute = 75
	// closeTime is how long Close waits for the responses to current requests, which take no time unless a Fault delays them.
	closeTime = 500 * time.Millisecond
)

// Server is a fake Platform API on this machine.
type Server struct {
	options Options
	url     string
	http    *http.Server
	serving sync.WaitGroup
	faults  faults

	mu       sync.Mutex
	apps     map[string]*app
	tokens   int
	counted  time.Time // when tokens was brought up to date
	requests []Request
	ids      int                // the number of ids in use
	kept     map[string][]Drain // in Options.File, of apps that were not added yet
	onChange func(app string, drains []Drain)
}

// Request is the record of a request. It contains neither the key nor the body.
type Request struct {
	Method, Path     string
	Range, UserAgent string // headers
}

// Start starts a Server without apps. Its error names the address that cannot be opened.
func Start(options Options) (*Server, error) {
	if options.Addr == "" {
		options.Addr = "127.0.0.1:0"
	}
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
	if options.Now == nil {
		options.Now = time.Now
	}
	listener, err := net.Listen("tcp", options.Addr)
	if err != nil {
		return nil, fmt.Errorf("open the fake Heroku: %w", err)
	}
	s := &Server{options: options, url: urlOf(listener), apps: map[string]*app{}, tokens: AllTokens, counted: options.Now()}
	if err := s.load(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) answer{
		"GET /account":                       s.account,
		"GET /apps":                          s.listApps,
		"GET /apps/{app}":                    s.getApp,
		"GET /teams/{team}/apps":             s.listTeamApps,
		"GET /apps/{app}/log-drains":         s.listDrains,
		"POST /apps/{app}/log-drains":        s.addDrain,
		"GET /apps/{app}/log-drains/{id}":    s.getDrain,
		"DELETE /apps/{app}/log-drains/{id}": s.removeDrain,
		"/": func(*http.Request) answer {
			return refusal(http.StatusNotFound, "not_found", "The requested API endpoint was not found.")
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, handle) })
	}
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.serving.Go(func() { _ = s.http.Serve(listener) }) // ends with http.ErrServerClosed
	return s, nil
}

// urlOf returns the URL at which clients on this machine reach a listener. If it listens on all addresses, that is 127.0.0.1.
func urlOf(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// URL returns the address of the Server, for HEROKU_API_URL.
func (s *Server) URL() string { return s.url }

// Close stops the Server after the current requests.
func (s *Server) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if s.http.Shutdown(ctx) != nil { // a fault delays a response, or a client has connected without asking anything
		_ = s.http.Close()
	}
	s.serving.Wait()
}

// Requests returns the requests received so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// SetTokens sets how many requests the account has left.
func (s *Server) SetTokens(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens, s.counted = n, s.options.Now()
}

// refill adds the tokens that are due at the given time. The caller must hold s.mu.
func (s *Server) refill(now time.Time) {
	if s.options.TokensPerMinute == 0 {
		return
	}
	each := time.Minute / time.Duration(s.options.TokensPerMinute)
	due := now.Sub(s.counted) / each
	s.tokens = min(AllTokens, s.tokens+int(due))
	s.counted = s.counted.Add(due * each)
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
	s.refill(s.options.Now())
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
