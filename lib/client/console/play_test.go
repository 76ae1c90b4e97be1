package console_test

import (
	"net/http"
	"strings"
	"testing"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/local/localtest"
)

type plays struct {
	Data []struct {
		App, Scenario, State, Message string
		Lines, Sent, Lost             int
	}
}

func TestTrafficFromThePage(t *testing.T) {
	s := serve(t, nil)
	for _, body := range []string{`{"app":"shop","lines":20}`, `{"app":"blog","scenario":"h12-storm"}`} {
		if resp, answer := s.send(s.request(http.MethodPost, "/api/play", body)); resp.StatusCode != http.StatusAccepted {
			t.Errorf("%s: %d %s", body, resp.StatusCode, answer)
		}
	}
	var found plays
	localtest.Eventually(t, "all lines are sent", func() bool {
		s.get("/api/play", &found)
		return len(found.Data) == 2 && found.Data[0].State != "running" && found.Data[1].State != "running"
	})
	blog, shop := found.Data[0], found.Data[1]
	if shop.State != "done" || shop.Sent != 20 || shop.Lost != 0 || blog.State != "done" || blog.Sent < 50 || blog.Lost != 0 {
		t.Errorf("%+v", found)
	}
	localtest.Eventually(t, "the lines are stored", func() bool { return len(localtest.StoredLines(t, s.system.AWS, "shop")) >= 20 })
	localtest.Eventually(t, "the scenario raises its alert", func() bool {
		var alerts struct {
			Firing []struct{ App, Rule string }
			Recent []struct{}
			Muted  []struct{}
		}
		s.get("/api/alerts", &alerts)
		if alerts.Recent == nil || alerts.Muted == nil {
			t.Fatalf("%+v", alerts)
		}
		for _, a := range alerts.Firing {
			if a.App == "blog" && a.Rule == "H12" {
				return true
			}
		}
		return false
	})
}

func TestAnAppGetsOnePlayAtATime(t *testing.T) {
	s := serve(t, nil)
	const long = `{"app":"shop","lines":10000}`
	if resp, answer := s.send(s.request(http.MethodPost, "/api/play", long)); resp.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", resp.StatusCode, answer)
	}
	s.refusal(s.request(http.MethodPost, "/api/play", long), http.StatusConflict)
	for _, app := range []string{"a-1", "a-2", "a-3", "a-4", "a-5", "a-6", "a-7"} {
		s.send(s.request(http.MethodPost, "/api/play", strings.Replace(long, "shop", app, 1)))
	}
	s.refusal(s.request(http.MethodPost, "/api/play", strings.Replace(long, "shop", "a-8", 1)), http.StatusTooManyRequests)
}

func TestPlaysThatAreRefused(t *testing.T) {
	s := serve(t, nil)
	for _, body := range []string{
		"", "{", `[]`, `{"app":"shop"}`, `{"app":"Shop!","lines":1}`, `{"lines":1}`, `{"app":"shop","lines":0}`, `{"app":"shop","lines":-1}`, `{"app":"shop","lines":10001}`,
		`{"app":"shop","scenario":"nope"}`, `{"app":"shop","scenario":"r14","lines":1}`, `{"app":"shop","lines":1,"x":1}`, `{"app":"shop","lines":"1"}`,
		`{"app":"` + strings.Repeat("a", 5000) + `","lines":1}`,
	} {
		s.refusal(s.request(http.MethodPost, "/api/play", body), http.StatusBadRequest)
	}
	for name, change := range map[string]func(http.Header){
		"no header":         func(h http.Header) { h.Del("X-Heroku-Drains") },
		"another header":    func(h http.Header) { h.Set("X-Heroku-Drains", "yes") },
		"no origin":         func(h http.Header) { h.Del("Origin") },
		"null origin":       func(h http.Header) { h.Set("Origin", "null") },
		"another origin":    func(h http.Header) { h.Set("Origin", "http://evil.example.com") },
		"another port":      func(h http.Header) { h.Set("Origin", "http://127.0.0.1:1") },
		"another scheme":    func(h http.Header) { h.Set("Origin", "https://"+s.addr) },
		"for another site":  func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"from another port": func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
	} {
		r := s.request(http.MethodPost, "/api/play", `{"app":"shop","lines":1}`)
		change(r.Header)
		if text := s.refusal(r, http.StatusForbidden); text == "" {
			t.Error(name)
		}
	}
	var all plays
	if s.get("/api/play", &all); len(all.Data) > 0 {
		t.Errorf("%+v", all)
	}
}

// The page of an account can only read.
func TestAnAccountGetsNoTraffic(t *testing.T) {
	s := serve(t, func(o *console.Options) {
		o.Installation = installation.New(installation.Options{APIURL: "http://127.0.0.1:1"})
	})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		s.refusal(s.request(method, "/api/play", `{"app":"shop","lines":1}`), http.StatusNotFound)
	}
	for _, path := range []string{"/api/drains", "/api/lines", "/api/alerts", "/api/stats", "/api/config"} {
		if resp, _ := s.send(s.request(http.MethodPost, path, "{}")); resp.StatusCode < 400 {
			t.Errorf("POST %s: %d", path, resp.StatusCode)
		}
	}
}
