package heroku_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

// fixture is a fake Heroku, a client for it, and the pauses that the client made instead of waiting.
type fixture struct {
	*herokufake.Server
	client *heroku.Client
	key    string

	mu     sync.Mutex
	pauses []time.Duration
	paused func() // if set, called at each pause
}

func newFixture(t *testing.T, options herokufake.Options) *fixture {
	t.Helper()
	fake, err := herokufake.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{Server: fake, key: herokufake.DefaultKey}
	t.Cleanup(f.Close)
	f.AddApp(herokufake.App{Name: "shop"})
	f.client = f.newClient(t, heroku.Config{})
	return f
}

// newClient returns a client for the fake, with defaults for what config does not set.
func (f *fixture) newClient(t *testing.T, config heroku.Config) *heroku.Client {
	t.Helper()
	if config.Key == "" {
		config.Key = f.key
	}
	if config.Pause == nil {
		config.Pause = f.pause
	}
	if config.URL == "" {
		config.URL = f.URL()
	}
	c, err := heroku.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *fixture) pause(ctx context.Context, d time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pauses = append(f.pauses, d)
	if f.paused != nil {
		f.paused()
	}
	return ctx.Err()
}

// requests returns the requests so far, as "METHOD path" or "METHOD path range".
func (f *fixture) requests() []string {
	var all []string
	for _, r := range f.Requests() {
		all = append(all, strings.TrimSpace(r.Method+" "+r.Path+" "+r.Range))
	}
	return all
}

// wantRequests compares the requests so far.
func (f *fixture) wantRequests(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, f.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

const (
	getDrains = "GET /apps/shop/log-drains"
	addDrain  = "POST /apps/shop/log-drains"
	// password is the password in the drain URLs, which no error may contain.
	password = "pa55-word_of-the-drain"
	drainURL = "https://shop:" + password + "@api.example.com/drains/shop"
)

// checkError checks that err is an *heroku.Error of the kind, and that it contains neither a secret nor the prefix of net/http.
func checkError(t *testing.T, err, kind error) *heroku.Error {
	t.Helper()
	refusal, ok := errors.AsType[*heroku.Error](err)
	if !ok {
		t.Fatalf("error %v, want a *heroku.Error", err)
	}
	if refusal.Kind != kind || kind != nil && !errors.Is(err, kind) {
		t.Errorf("kind %v, want %v", refusal.Kind, kind)
	}
	for _, secret := range []string{password, herokufake.DefaultKey, "http://127.0.0.1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error contains %s: %v", secret, err)
		}
	}
	return refusal
}

func TestUserAgent(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	if _, err := f.client.Drains(t.Context(), "shop"); err != nil { // the fake requires the key and the Accept header
		t.Fatal(err)
	}
	if got := f.Requests()[0].UserAgent; got != "heroku-drains-cli" {
		t.Errorf("User-Agent %q", got)
	}
}

func TestTheKeyDoesNotFollowARedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s arrived, with Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	defer server.Close()
	_, err := newClient(t, server.URL).Drains(t.Context(), "shop")
	if refusal := checkError(t, err, nil); refusal.Status != http.StatusFound {
		t.Errorf("status %d", refusal.Status)
	}
}

// newClient returns a client for any server.
func newClient(t *testing.T, url string) *heroku.Client {
	t.Helper()
	c, err := heroku.New(heroku.Config{
		URL: url, Key: herokufake.DefaultKey,
		Pause: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheAPIMayHaveAPath(t *testing.T) {
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		_, _ = w.Write([]byte(`{"email":"ops@example.com"}`))
	}))
	defer server.Close()
	if _, err := newClient(t, server.URL+"/heroku/").Account(t.Context()); err != nil || path != "/heroku/account" {
		t.Errorf("asked for %s, error %v", path, err)
	}
}

func TestAResponseThatIsNotHerokus(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>welcome</html>"))
	}))
	defer server.Close()
	c := newClient(t, server.URL)
	_, drainsErr := c.Drains(t.Context(), "shop")
	_, accountErr := c.Account(t.Context())
	for _, err := range []error{drainsErr, accountErr} {
		if err == nil || !strings.Contains(err.Error(), "check HEROKU_API_URL") {
			t.Errorf("error %v", err)
		}
	}
}

func TestNew(t *testing.T) {
	withUser := "https://ops:" + password + "@heroku.com"
	tests := map[string]struct {
		config heroku.Config
		want   string // in the error; empty for no error
	}{
		"Heroku's own address":        {heroku.Config{Key: "k"}, ""},
		"another address":             {heroku.Config{Key: "k", URL: "https://api.staging.example.com"}, ""},
		"this machine":                {heroku.Config{Key: "k", URL: "http://localhost:5000"}, ""},
		"this machine, by IPv6":       {heroku.Config{Key: "k", URL: "http://[::1]:5000"}, ""},
		"unencrypted":                 {heroku.Config{Key: "k", URL: "http://api.heroku.com"}, "unencrypted"},
		"unencrypted, in the network": {heroku.Config{Key: "k", URL: "http://10.0.0.1"}, "unencrypted"},
		"no scheme":                   {heroku.Config{Key: "k", URL: "api.heroku.com"}, "not a valid URL of the Heroku API"},
		"another scheme":              {heroku.Config{Key: "k", URL: "ftp://api.heroku.com"}, "not a valid URL of the Heroku API"},
		"no host":                     {heroku.Config{Key: "k", URL: "https:///apps"}, "not a valid URL of the Heroku API"},
		"a user":                      {heroku.Config{Key: "k", URL: withUser}, "https://ops:****@heroku.com is not a valid URL"},
		"unreadable":                  {heroku.Config{Key: "k", URL: "https://api.heroku.com/%zz"}, "not a valid URL of the Heroku API"},
		"no key":                      {heroku.Config{}, "set HEROKU_API_KEY"},
		"a key of two lines":          {heroku.Config{Key: "HRKU-1\nHRKU-2"}, "check HEROKU_API_KEY"},
		"a key with a space":          {heroku.Config{Key: "HRKU 1"}, "check HEROKU_API_KEY"},
		"a key that is not ASCII":     {heroku.Config{Key: "HRKU-ä"}, "check HEROKU_API_KEY"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := heroku.New(tt.config)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), "HRKU") || strings.Contains(err.Error(), password)) {
				t.Errorf("the error contains a secret: %v", err)
			}
		})
	}
}
