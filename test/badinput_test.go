package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

// TestBadCredentials posts with wrong credentials of every kind. The response is a 401 without a body, and nothing is stored.
func TestBadCredentials(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	shop, other := s.put("shop", drain.Patch{}), s.put("shop-staging", drain.Patch{})
	good, otherURL := parse(t, shop.DrainURL), parse(t, other.DrainURL)
	password, _ := good.User.Password()
	otherPassword, _ := otherURL.User.Password()
	for name, user := range map[string]*url.Userinfo{
		"none":                 nil,
		"wrong password":       url.UserPassword("shop", "wrong"),
		"empty password":       url.UserPassword("shop", ""),
		"cut password":         url.UserPassword("shop", password[:31]),
		"other app's password": url.UserPassword("shop", otherPassword),
		"other app's name":     url.UserPassword("shop-staging", password),
		"other app's both":     url.UserPassword("shop-staging", otherPassword),
		"no name":              url.UserPassword("", password),
	} {
		u := *good
		u.User = user
		if status, answer := s.post(u.String(), body("forged by "+name)); status != 401 || answer != "" {
			t.Errorf("%s: %d %q, want 401 and no body", name, status, answer)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.AWS.APIURL()+"/drains/shop", bytes.NewReader(body("forged")))
	localtest.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+password)
	if status, _ := s.do(req); status != 401 {
		t.Errorf("bearer token: %d, want 401", status)
	}
	if status, _ := s.post(shop.DrainURL, body("genuine")); status != 200 {
		t.Errorf("right credentials: %d", status)
	}
	if diff := cmp.Diff([]string{"app[web.1]: genuine"}, localtest.Texts(s.stored("shop", 1))); diff != "" {
		t.Errorf("stream (-want +got):\n%s", diff)
	}
	if got := localtest.Texts(localtest.StoredLines(t, s.AWS, "shop-staging")); len(got) > 0 {
		t.Errorf("the other app's stream contains %q", got)
	}
}

// TestBadBodies posts malformed bodies. The response is 200 nevertheless: Logplex would drop the whole batch on a 4xx.
func TestBadBodies(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	one, two := string(body("one")), string(body("two"))
	for name, c := range map[string]struct {
		body string
		want []string // in any order
	}{
		"garbage between frames": {one + "\x00garbage\xff" + two, []string{"app[web.1]: one", "app[web.1]: two", "heroku-drains[malformed]: \x00garbage\uFFFD"}},
		"garbage alone":          {"this is not a frame", []string{"heroku-drains[malformed]: this is not a frame"}},
		"truncated":              {one + two[:len(two)-4], []string{"app[web.1]: one", "heroku-drains[malformed]: " + two[:len(two)-4]}},
		"not syslog":             {"5 hello" + one, []string{"app[web.1]: one", "heroku-drains[malformed]: hello"}},
		"count too large":        {"999999 <190>1 lost?" + one, []string{"app[web.1]: one", "heroku-drains[malformed]: 999999 <190>1 lost?"}},
		"form encoded":           {"a=b&c=d", []string{"heroku-drains[malformed]: a=b&c=d"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := s.with(t)
			app := "bad-" + strings.ReplaceAll(name, " ", "-")
			url := s.put(app, drain.Patch{}).DrainURL
			if status, answer := s.post(url, []byte(c.body)); status != 200 || answer != "" {
				t.Errorf("POST: %d %q, want 200 and no body", status, answer)
			}
			got := localtest.Texts(s.stored(app, len(c.want)))
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("stream (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("empty", func(t *testing.T) {
		s := s.with(t)
		url := s.put("empty", drain.Patch{}).DrainURL
		if status, answer := s.post(url, nil); status != 200 || answer != "" {
			t.Errorf("POST: %d %q, want 200 and no body", status, answer)
		}
		if status, _ := s.post(url, body("after")); status != 200 {
			t.Errorf("POST after it: %d", status)
		}
		if diff := cmp.Diff([]string{"app[web.1]: after"}, localtest.Texts(s.stored("empty", 1))); diff != "" {
			t.Errorf("stream (-want +got):\n%s", diff)
		}
	})
	t.Run("too large", func(t *testing.T) {
		s := s.with(t)
		url := s.put("large", drain.Patch{}).DrainURL
		for _, size := range []int{6 << 20, 11 << 20} { // over Lambda's 6 MB, and over the gateway's 10 MB
			if status, _ := s.post(url, bytes.Repeat([]byte("x"), size)); status != 413 {
				t.Errorf("POST of %d bytes: %d, want 413", size, status)
			}
		}
		if status, _ := s.post(url, body("after")); status != 200 {
			t.Errorf("POST after it: %d", status)
		}
		if diff := cmp.Diff([]string{"app[web.1]: after"}, localtest.Texts(s.stored("large", 1))); diff != "" {
			t.Errorf("stream (-want +got):\n%s", diff)
		}
	})
}

// TestLargestBody posts as much as the gateway can pass to a function: 4.4 MB of incompressible lines, which take several SQS messages.
func TestLargestBody(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	url := s.put("shop", drain.Patch{}).DrainURL
	random := rand.NewChaCha8([32]byte{})
	var lines []string
	for range 440 {
		raw := make([]byte, 7_400) // 9,868 characters as base64
		_, _ = random.Read(raw)    // never fails
		lines = append(lines, base64.StdEncoding.EncodeToString(raw))
	}
	if status, _ := s.post(url, body(lines...)); status != 200 {
		t.Fatalf("POST: %d", status)
	}
	want := map[string]int{}
	for _, line := range lines {
		want["app[web.1]: "+line]++
	}
	got := map[string]int{}
	for _, text := range localtest.Texts(s.stored("shop", len(lines))) {
		got[text]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stream (-want +got):\n%.2000s", diff)
	}
}

// TestBadCalls makes calls of the management API that it must reject.
func TestBadCalls(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	s.put("shop", drain.Patch{})
	ctx := t.Context()
	for _, app := range []string{"x", "Shop", "1shop", "shop-", "-shop", "sh_op", "shop.git", "shop%2Fother", "a" + strings.Repeat("b", 30), "šop"} {
		if _, _, err := s.api.Put(ctx, app, drain.Patch{}); code(err) != "InvalidAppName" {
			t.Errorf("PUT %q: %v, want InvalidAppName", app, err)
		}
		if _, err := s.api.Get(ctx, app); code(err) != "InvalidAppName" {
			t.Errorf("GET %q: %v, want InvalidAppName", app, err)
		}
		if _, err := s.api.Delete(ctx, app, drain.DeleteOptions{}); code(err) != "InvalidAppName" {
			t.Errorf("DELETE %q: %v, want InvalidAppName", app, err)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		req, err := http.NewRequestWithContext(ctx, method, s.AWS.APIURL()+"/drains/shop", nil)
		localtest.Must(t, err)
		if status, _ := s.do(req); status != 403 {
			t.Errorf("%s without a signature: %d, want 403", method, status)
		}
	}
	if d, err := s.api.Get(ctx, "shop"); err != nil || d.State != drain.Active {
		t.Errorf("the drain for shop changed: %+v, %v", d, err)
	}
}

// TestBadSettings puts invalid settings. The response is a 400 whose message names the field, and the drain is unchanged.
func TestBadSettings(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	s.put("shop", drain.Patch{BatchSize: new(7)})
	for name, c := range map[string]struct{ body, names string }{
		"unknown":           {`{"retention":30}`, "retention"},
		"unknown and known": {`{"format":"json","color":"no"}`, "color"},
		"no such value":     {`{"format":"xml"}`, "format"},
		"wrong type":        {`{"batch_size":"10"}`, "batch_size"},
		"out of range":      {`{"maximum_concurrency":1}`, "maximum_concurrency"},
		"without a window":  {`{"batch_size":11}`, "batch_window_seconds"},
		"not JSON":          {`format=json`, "JSON"},
		"not an object":     {`[]`, "object"},
	} {
		status, answer := s.signed(http.MethodPut, "/drains/shop", c.body)
		if status != 400 || !strings.Contains(answer, "InvalidSettings") || !strings.Contains(answer, c.names) {
			t.Errorf("%s: %d %s, want 400 InvalidSettings that names %s", name, status, answer, c.names)
		}
	}
	d, err := s.api.Get(t.Context(), "shop")
	if err != nil || d.Settings.Format != drain.FormatText || d.Settings.BatchSize != 7 {
		t.Errorf("the drain changed: %+v, %v", d.Settings, err)
	}
}

// signed makes a signed call of the management API with any body.
func (s *system) signed(method, path, body string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.AWS.APIURL()+path, strings.NewReader(body))
	localtest.Must(s.t, err)
	req.Header.Set("Content-Type", "application/json")
	cfg := s.AWS.Config()
	credentials, err := cfg.Credentials.Retrieve(s.t.Context())
	localtest.Must(s.t, err)
	hash := sha256.Sum256([]byte(body))
	localtest.Must(s.t, v4.NewSigner().SignHTTP(s.t.Context(), credentials, req, hex.EncodeToString(hash[:]), "execute-api", cfg.Region, time.Now()))
	return s.do(req)
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	localtest.Must(t, err)
	return u
}
