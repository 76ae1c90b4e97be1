package herokufake_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/herokufake"
)

const drainURL = "https://shop:pa55word@api.example.com/drains/shop"

// ask sends a request as a client of the Platform API does. header is a list of names and values that replace the usual headers.
func ask(t *testing.T, s *herokufake.Server, route, body string, header ...string) (*http.Response, string) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+herokufake.DefaultKey)
	req.Header.Set("Accept", "application/vnd.heroku+json; version=3")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(answer)
}

func start(t *testing.T, options herokufake.Options, apps ...string) *herokufake.Server {
	t.Helper()
	s, err := herokufake.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for _, name := range apps {
		s.AddApp(herokufake.App{Name: name})
	}
	return s
}

func TestRefusals(t *testing.T) {
	const add = "POST /apps/shop/log-drains"
	tests := map[string]struct {
		route, body string
		header      []string
		status      int
		answer      string // a part of the body
	}{
		"no such endpoint":        {"GET /addons", "", nil, 404, `"id":"not_found"`},
		"no such app":             {"GET /apps/gone", "", nil, 404, `"resource":"app"`},
		"no such team":            {"GET /teams/gone/apps", "", nil, 404, `"resource":"team"`},
		"no such drain":           {"DELETE /apps/shop/log-drains/gone", "", nil, 404, `"resource":"log_drain"`},
		"drains of a missing app": {"GET /apps/gone/log-drains", "", nil, 404, `"resource":"app"`},
		"no key":                  {"GET /account", "", []string{"Authorization", ""}, 401, `"id":"unauthorized"`},
		"another key":             {"GET /account", "", []string{"Authorization", "Bearer HRKU-old"}, 401, `"id":"unauthorized"`},
		"another version":         {"GET /account", "", []string{"Accept", "application/json"}, 406, `"id":"not_acceptable"`},
		"not JSON":                {add, "url=x", nil, 400, `"id":"bad_request"`},
		"no URL":                  {add, `{}`, nil, 422, `"id":"invalid_params"`},
		"no drain's scheme":       {add, `{"url":"ftp://logs.example.com"}`, nil, 422, `"id":"invalid_params"`},
		"info on no such drain":   {"GET /apps/shop/log-drains/gone", "", nil, 404, `"resource":"log_drain"`},
		"a drain cannot change":   {"PUT /apps/shop/log-drains/gone", `{}`, nil, 404, `"id":"not_found"`},
		"unknown range":           {"GET /apps", "", []string{"Range", "owner .."}, 416, `"id":"requested_range_not_satisfiable"`},
		"page too large":          {"GET /apps", "", []string{"Range", "id ..; max=1001"}, 416, ``},
		"page too small":          {"GET /apps", "", []string{"Range", "id ..; max=0"}, 416, ``},
	}
	s := start(t, herokufake.Options{}, "shop")
	ids := map[string]bool{}
	for name, tt := range tests {
		resp, answer := ask(t, s, tt.route, tt.body, tt.header...)
		if resp.StatusCode != tt.status || !strings.Contains(answer, tt.answer) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, answer)
		}
		ids[resp.Header.Get("Request-Id")] = true
	}
	if len(ids) != len(tests) || ids[""] {
		t.Errorf("%d request ids for %d requests", len(ids), len(tests))
	}
}

func TestPages(t *testing.T) {
	tests := []struct {
		asked  string
		status int
		names  string
		next   string
	}{
		{"name ..", 206, "a b c", "name ]c..; max=3"},
		{"name ]c..; max=3", 200, "d e", ""},
		{"name ..; max=5", 200, "a b c d e", ""},
		{"name ..; max=4;", 206, "a b c d", "name ]d..; max=4"},
		{"name b..d", 200, "b c d", ""},
		{"name a..d", 206, "a b c", "name ]c..d; max=3"},
		{"name ]z..", 200, "", ""},
	}
	s := start(t, herokufake.Options{PageSize: 3}, "d", "b", "e", "a", "c")
	for _, tt := range tests {
		resp, answer := ask(t, s, "GET /apps", "", "Range", tt.asked)
		var apps []struct{ Name string }
		if err := json.Unmarshal([]byte(answer), &apps); err != nil || apps == nil {
			t.Fatalf("%s: %v", answer, err)
		}
		var names []string
		for _, a := range apps {
			names = append(names, a.Name)
		}
		next := resp.Header.Get("Next-Range")
		if resp.StatusCode != tt.status || strings.Join(names, " ") != tt.names || next != tt.next {
			t.Errorf("%q: %d %v, Next-Range %q", tt.asked, resp.StatusCode, names, next)
		}
	}
	if resp, _ := ask(t, s, "GET /apps", ""); resp.StatusCode != 206 || !strings.HasPrefix(resp.Header.Get("Next-Range"), "id ]") {
		t.Errorf("without a Range: %d, Next-Range %q", resp.StatusCode, resp.Header.Get("Next-Range"))
	}
}

func TestTokens(t *testing.T) {
	s := start(t, herokufake.Options{})
	for _, want := range []string{"4499", "4498"} {
		if resp, _ := ask(t, s, "GET /account", ""); resp.Header.Get("RateLimit-Remaining") != want {
			t.Errorf("RateLimit-Remaining %s, want %s", resp.Header.Get("RateLimit-Remaining"), want)
		}
	}
	s.SetTokens(1)
	for _, want := range []int{200, 429, 429} {
		if resp, answer := ask(t, s, "GET /account", ""); resp.StatusCode != want || resp.Header.Get("RateLimit-Remaining") != "0" {
			t.Errorf("%d %s, want %d", resp.StatusCode, answer, want)
		}
	}
}

func TestTokensComeBack(t *testing.T) {
	s := start(t, herokufake.Options{TokensPerMinute: 60_000}) // one per millisecond
	s.SetTokens(0)
	for {
		if resp, _ := ask(t, s, "GET /account", ""); resp.StatusCode == http.StatusOK {
			return
		}
	}
}

func TestStartWithAnAddressInUse(t *testing.T) {
	s := start(t, herokufake.Options{})
	_, err := herokufake.Start(herokufake.Options{Addr: strings.TrimPrefix(s.URL(), "http://")})
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("error %v", err)
	}
}

func TestAFileKeepsTheDrains(t *testing.T) {
	options := herokufake.Options{File: filepath.Join(t.TempDir(), "heroku.json")}
	s := start(t, options, "shop", "blog")
	for _, request := range []string{"POST /apps/shop/log-drains", "POST /apps/blog/log-drains"} {
		if resp, answer := ask(t, s, request, `{"url":"`+drainURL+`"}`); resp.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", resp.StatusCode, answer)
		}
	}
	ask(t, s, "DELETE /apps/blog/log-drains/"+s.Drains("blog")[0].ID, "")
	before := s.Drains("shop")
	s.Close()
	start(t, options, "blog").AddDrain("blog", herokufake.Drain{URL: "https://logs.example.com"}) // what it has of shop stays
	again := start(t, options, "shop", "blog")
	if diff := cmp.Diff(before, again.Drains("shop")); diff != "" {
		t.Errorf("drains of shop (-before +after):\n%s", diff)
	}
	if drains := again.Drains("blog"); len(drains) != 1 || drains[0].ID <= before[0].ID || drains[0].Token <= before[0].Token { // they are counted
		t.Errorf("drains of blog: %+v, and before of shop %+v", drains, before)
	}
	if info, err := os.Stat(options.File); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}

	if err := os.RemoveAll(filepath.Dir(options.File)); err != nil {
		t.Fatal(err)
	}
	if resp, answer := ask(t, again, "DELETE /apps/shop/log-drains/"+before[0].ID, ""); resp.StatusCode != 500 || len(again.Drains("shop")) != 1 {
		t.Errorf("a drain that cannot be removed from the file: %d %s", resp.StatusCode, answer)
	}
	damaged := filepath.Join(t.TempDir(), "heroku.json")
	if err := os.WriteFile(damaged, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := herokufake.Start(herokufake.Options{File: damaged}); err == nil || !strings.Contains(err.Error(), damaged) {
		t.Errorf("a damaged file: error %v", err)
	}
}

func TestADrainByIDTokenOrURL(t *testing.T) {
	s := start(t, herokufake.Options{}, "shop")
	d := s.AddDrain("shop", herokufake.Drain{URL: drainURL})
	for _, name := range []string{d.ID, d.Token, url.PathEscape(d.URL)} {
		if resp, answer := ask(t, s, "GET /apps/shop/log-drains/"+name, ""); resp.StatusCode != http.StatusOK || !strings.Contains(answer, d.Token) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, answer)
		}
	}
}

func TestRemovingADrainByIDTokenOrURL(t *testing.T) {
	s := start(t, herokufake.Options{}, "shop")
	for _, name := range []func(herokufake.Drain) string{
		func(d herokufake.Drain) string { return d.ID },
		func(d herokufake.Drain) string { return d.Token },
		func(d herokufake.Drain) string { return url.PathEscape(d.URL) },
	} {
		s.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com"})
		d := s.AddDrain("shop", herokufake.Drain{URL: drainURL})
		resp, answer := ask(t, s, "DELETE /apps/shop/log-drains/"+name(d), "")
		left := s.Drains("shop")
		if resp.StatusCode != http.StatusOK || len(left) == 0 || left[len(left)-1].ID == d.ID {
			t.Errorf("%d %s; left %+v", resp.StatusCode, answer, left)
		}
	}
}

func TestFaults(t *testing.T) {
	s := start(t, herokufake.Options{}, "shop", "blog")
	var statuses []int
	get := func(app string) {
		resp, _ := ask(t, s, "GET /apps/"+app, "")
		statuses = append(statuses, resp.StatusCode)
	}
	remove := s.Inject(herokufake.Fault{Route: "GET /apps/{app}", Skip: 1, Times: 2, Status: 500})
	s.Inject(herokufake.Fault{Route: "GET /apps/shop", Status: 503, RetryAfter: 5, ID: "down", Message: "later"})
	get("blog") // skipped
	get("shop") // both apply: the first one takes effect
	get("blog")
	get("shop") // the first has taken effect twice
	get("blog")
	remove()
	if diff := cmp.Diff([]int{200, 500, 500, 503, 200}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	resp, answer := ask(t, s, "GET /apps/shop", "")
	if resp.Header.Get("Retry-After") != "5" || answer != `{"id":"down","message":"later"}` {
		t.Errorf("Retry-After %q, %s", resp.Header.Get("Retry-After"), answer)
	}
}

func TestRequestsContainNoSecret(t *testing.T) {
	s := start(t, herokufake.Options{}, "shop")
	ask(t, s, "POST /apps/shop/log-drains", `{"url":"`+drainURL+`"}`, "User-Agent", "test", "Range", "id ..")
	want := []herokufake.Request{{Method: "POST", Path: "/apps/shop/log-drains", Range: "id ..", UserAgent: "test"}}
	if diff := cmp.Diff(want, s.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
