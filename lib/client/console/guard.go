package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
)

// guard lets only the page itself use the API. It refuses
//
//   - requests to another host name: a web site can make its own name point to 127.0.0.1 (DNS rebinding), and then its scripts count as the
//     page's. The Host header still has the site's name;
//   - requests that a browser sends for another web site, even though that could not read the answer;
//   - requests without the token, for other users of this machine can reach the port, too;
//   - changes that do not come from a script of the page: see fromPage.
type guard struct {
	next  http.Handler
	hosts map[string]bool
	token []byte // hash; nil: none
}

// contentPolicy allows nothing but the page's own files: no other host, no inline script, no frame.
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

func (c *Console) newGuard(next http.Handler) *guard {
	g := &guard{next: next, hosts: hostsOf(c.opts.Addr)}
	if c.opts.Token != "" {
		g.token = hash(c.opts.Token)
	}
	return g
}

// hostsOf returns the Host headers of requests to a loopback address. Browsers leave out the port of HTTP.
func hostsOf(addr string) map[string]bool {
	hosts := map[string]bool{}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return hosts
	}
	for _, name := range []string{host, "127.0.0.1", "localhost", "::1"} {
		hosts[net.JoinHostPort(name, port)] = true
		if port == "80" {
			hosts[strings.TrimSuffix(net.JoinHostPort(name, ""), ":")] = true
		}
	}
	return hosts
}

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	if err := g.check(r); err != nil {
		answerRefusal(w, err)
		return
	}
	g.next.ServeHTTP(w, r)
}

// check returns why a request is refused, or nil.
func (g *guard) check(r *http.Request) *refusal {
	if !g.hosts[strings.ToLower(r.Host)] {
		return refuse(http.StatusForbidden, "This address is not the page's. Open the URL that the program printed.")
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return refuse(http.StatusMethodNotAllowed, "The page can only be read.")
		}
		return nil
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return refuse(http.StatusForbidden, "Only the page itself can ask for this.")
	}
	if g.token != nil && subtle.ConstantTimeCompare(g.token, hash(bearer(r))) != 1 {
		return refuse(http.StatusUnauthorized, "The token is missing or wrong. Open the URL that the program printed, with all that follows #.")
	}
	switch r.Method {
	case http.MethodGet:
		return nil
	case http.MethodPost:
		if !fromPage(r) {
			return refuse(http.StatusForbidden, "Only the page itself can change something.")
		}
		return nil
	}
	return refuse(http.StatusMethodNotAllowed, "This address does not support the method "+r.Method+".")
}

// bearer returns the token of a request.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// fromPage reports whether a script of the page made the request: a browser sets the Origin, and lets a form or a script of another site send
// no header of its own without asking first, which nobody answers.
func fromPage(r *http.Request) bool {
	return r.Header.Get("X-Heroku-Drains") == "1" && strings.EqualFold(r.Header.Get("Origin"), "http://"+r.Host)
}
