package console_test

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"heroku-drains/lib/client/console"
)

const token = "a-token-of-a-test"

func withToken(o *console.Options) { o.Token = token }

func TestOnlyTheListenersHostIsAnswered(t *testing.T) {
	s := serve(t, nil)
	_, port, _ := net.SplitHostPort(s.addr)
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "LOCALHOST:" + port: 200, "[::1]:" + port: 200,
		"evil.example.com:" + port: 403, "evil.example.com": 403, "127.0.0.1": 403, "localhost": 403, "localhost:1": 403,
		"localhost." + port: 403, "127.0.0.1:" + port + ".evil.example.com": 403, "localhost.evil.example.com:" + port: 403, "0.0.0.0:" + port: 403,
	} {
		for _, path := range []string{"/", "/api/config", "/api/drains", "/nothing"} {
			r := s.request(http.MethodGet, path, "")
			r.Host = host
			if want != 200 {
				s.refusal(r, want)
			} else if resp, _ := s.send(r); resp.StatusCode == 403 {
				t.Errorf("%s at %s is refused", path, host)
			}
		}
	}
}

func TestTheAPINeedsTheToken(t *testing.T) {
	s := serve(t, withToken)
	for _, authorization := range []string{
		"", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + token + "x", "Bearer " + token[1:], "Basic " + token, token, "Bearer  " + token,
	} {
		for _, path := range []string{"/api/config", "/api/drains", "/api/lines?tail=true", "/api/story?request_id=1", "/api/alerts", "/api/stats", "/api/play", "/api/nothing"} {
			r := s.request(http.MethodGet, path, "")
			r.Header.Set("Authorization", authorization)
			s.refusal(r, http.StatusUnauthorized)
		}
	}
	r := s.request(http.MethodGet, "/api/config?token="+token, "")
	r.Header.Del("Authorization")
	s.refusal(r, http.StatusUnauthorized)

	s.get("/api/config", &struct{}{})
	if resp, _ := s.send(s.request(http.MethodGet, "/", "")); resp.StatusCode != 200 {
		t.Errorf("the page itself: %d", resp.StatusCode)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	s := serve(t, nil)
	for site, want := range map[string]int{"cross-site": 403, "same-site": 403, "same-origin": 200, "none": 200} {
		r := s.request(http.MethodGet, "/api/config", "")
		r.Header.Set("Sec-Fetch-Site", site)
		if want != 200 {
			s.refusal(r, want)
		} else if resp, body := s.send(r); resp.StatusCode != 200 {
			t.Errorf("%s: %d %s", site, resp.StatusCode, body)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	s := serve(t, withToken)
	for _, method := range []string{"HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"} {
		for _, path := range []string{"/api/config", "/api/drains", "/api/lines", "/api/alerts", "/api/play"} {
			r := s.request(method, path, "")
			if method == "HEAD" {
				if resp, _ := s.send(r); resp.StatusCode != http.StatusMethodNotAllowed {
					t.Errorf("HEAD %s: %d", path, resp.StatusCode)
				}
				continue
			}
			s.refusal(r, http.StatusMethodNotAllowed)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		s.refusal(s.request(method, "/", ""), http.StatusMethodNotAllowed)
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	s := serve(t, withToken)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Access-Control-Allow-Origin": "",
	}
	wrongHost := s.request(http.MethodGet, "/", "")
	wrongHost.Host = "evil.example.com"
	noToken := s.request(http.MethodGet, "/api/drains", "")
	noToken.Header.Del("Authorization")
	for name, r := range map[string]*http.Request{
		"page": s.request(http.MethodGet, "/", ""), "no file": s.request(http.MethodGet, "/nothing", ""),
		"API": s.request(http.MethodGet, "/api/drains", ""), "no route": s.request(http.MethodGet, "/api/nothing", ""),
		"lines": s.request(http.MethodGet, "/api/lines", ""), "wrong lines": s.request(http.MethodGet, "/api/lines?app=no!", ""),
		"wrong host": wrongHost, "no token": noToken, "method": s.request(http.MethodPut, "/api/drains", ""),
	} {
		resp, _ := s.send(r)
		for header, value := range want {
			if got := resp.Header.Get(header); got != value {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
	}
}

func TestFilesOutsideThePageAreNotServed(t *testing.T) {
	s := serve(t, nil)
	for _, path := range []string{
		"/../console.go", "/..%2fconsole.go", "/%2e%2e/console.go", "/./index.html", "//index.html", "/page/index.html", "/page", "/index.html/",
		"/..", "/%2e%2e", "/..%5cconsole.go", "/etc/passwd", "/index.html%00", "/console.go",
	} {
		r := s.request(http.MethodGet, "/", "")
		r.URL.Opaque = "//" + s.addr + path
		resp, body := s.send(r)
		if resp.StatusCode == 200 || strings.Contains(body, "package console") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	resp, body := s.send(s.request(http.MethodGet, "/index.html", ""))
	if resp.StatusCode != 200 || !strings.Contains(body, "<html") || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("/index.html: %d %s", resp.StatusCode, body)
	}
}

func TestListenOnlyOnThisMachine(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "127.0.0.1.example.com:0", "8081"} {
		if listener, err := console.Listen(t.Context(), addr); err == nil {
			listener.Close()
			t.Errorf("it listens on %s", addr)
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		listener, err := console.Listen(t.Context(), addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		if host, _, _ := net.SplitHostPort(listener.Addr().String()); !net.ParseIP(host).IsLoopback() {
			t.Errorf("%s listens on %s", addr, listener.Addr())
		}
		listener.Close()
	}
}
