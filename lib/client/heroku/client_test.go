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
	"heroku-drains/lib/client/heroku/herokufake"
)

// world is a fake Heroku, a client of it, and the pauses that the client made instead of waiting.
type world struct {
	*herokufake.Server
	client *heroku.Client
	key    string

	mu     sync.Mutex
	pauses []time.Duration
	paused func() // called at each pause; nil: nothing
}

func newWorld(t *testing.T, options herokufake.Options) *world {
	t.Helper()
	w := &world{Server: herokufake.Start(options), key: herokufake.DefaultKey}
	t.Cleanup(w.Close)
	w.AddApp(herokufake.App{Name: "shop"})
	w.client = w.newClient(t, heroku.Config{})
	return w
}

// newClient is a client of the fake; config says in what it differs from the usual one.
func (w *world) newClient(t *testing.T, config heroku.Config) *heroku.Client {
	t.Helper()
	if config.Key == "" {
		config.Key = w.key
	}
	if config.Pause == nil {
		config.Pause = w.pause
	}
	config.URL = w.URL()
	c, err := heroku.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) pause(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pauses = append(w.pauses, d)
	if w.paused != nil {
		w.paused()
	}
	return ctx.Err()
}

// requests are what has arrived, as "METHOD path", with the Range behind it.
func (w *world) requests() []string {
	var all []string
	for _, r := range w.Requests() {
		all = append(all, strings.TrimSpace(r.Method+" "+r.Path+" "+r.Range))
	}
	return all
}

// sent compares the requests that have arrived with what ought to have.
func (w *world) sent(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

const (
	getDrains = "GET /apps/shop/log-drains"
	addDrain  = "POST /apps/shop/log-drains"
	// password is that of the drain URLs, which no error may show.
	password = "pa55-word_of-the-drain"
	drainURL = "https://shop:" + password + "@api.example.com/drains/shop"
)

// refused checks a failure's kind, and that it neither shows a secret nor what net/http puts in front.
func refused(t *testing.T, err, kind error) *heroku.Error {
	t.Helper()
	var refusal *heroku.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("error %v, want a *heroku.Error", err)
	}
	if refusal.Kind != kind || kind != nil && !errors.Is(err, kind) {
		t.Errorf("kind %v, want %v", refusal.Kind, kind)
	}
	for _, secret := range []string{password, herokufake.DefaultKey, "http://127.0.0.1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows %s: %v", secret, err)
		}
	}
	return refusal
}

func TestARequestSaysWhoCalls(t *testing.T) {
	w := newWorld(t, herokufake.Options{})
	if _, err := w.client.Drains(t.Context(), "shop"); err != nil { // the fake wants the key and the Accept header
		t.Fatal(err)
	}
	if got := w.Requests()[0].UserAgent; got != "heroku-drains-cli" {
		t.Errorf("User-Agent %q", got)
	}
}

func TestTheKeyFollowsNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s arrived, with Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	defer server.Close()
	_, err := newClient(t, server.URL).Drains(t.Context(), "shop")
	if refusal := refused(t, err, nil); refusal.Status != http.StatusFound {
		t.Errorf("status %d", refusal.Status)
	}
}

// newClient is a client of a server that is no fake Heroku.
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

func TestAnAnswerThatIsNotHerokus(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>welcome</html>"))
	}))
	defer server.Close()
	c := newClient(t, server.URL)
	_, drainsErr := c.Drains(t.Context(), "shop")
	_, accountErr := c.Account(t.Context())
	for _, err := range []error{drainsErr, accountErr} {
		if err == nil || !strings.Contains(err.Error(), "is HEROKU_API_URL right?") {
			t.Errorf("error %v", err)
		}
	}
}

func TestNew(t *testing.T) {
	withUser := "https://ops:" + password + "@heroku.com"
	tests := map[string]struct {
		config heroku.Config
		want   string // in the error; empty: none
	}{
		"Heroku's own address":        {heroku.Config{Key: "k"}, ""},
		"another address":             {heroku.Config{Key: "k", URL: "https://api.staging.example.com"}, ""},
		"this machine":                {heroku.Config{Key: "k", URL: "http://localhost:5000"}, ""},
		"this machine, by IPv6":       {heroku.Config{Key: "k", URL: "http://[::1]:5000"}, ""},
		"unencrypted":                 {heroku.Config{Key: "k", URL: "http://api.heroku.com"}, "unencrypted"},
		"unencrypted, in the network": {heroku.Config{Key: "k", URL: "http://10.0.0.1"}, "unencrypted"},
		"no scheme":                   {heroku.Config{Key: "k", URL: "api.heroku.com"}, "no URL of Heroku's API"},
		"another scheme":              {heroku.Config{Key: "k", URL: "ftp://api.heroku.com"}, "no URL of Heroku's API"},
		"no host":                     {heroku.Config{Key: "k", URL: "https:///apps"}, "no URL of Heroku's API"},
		"a user":                      {heroku.Config{Key: "k", URL: withUser}, "https://ops:****@heroku.com is no"},
		"unreadable":                  {heroku.Config{Key: "k", URL: "https://api.heroku.com/%zz"}, "no URL of Heroku's API"},
		"no key":                      {heroku.Config{}, "heroku auth:token"},
		"a key of two lines":          {heroku.Config{Key: "HRKU-1\nHRKU-2"}, "check HEROKU_API_KEY"},
		"a key with a space":          {heroku.Config{Key: "HRKU 1"}, "check HEROKU_API_KEY"},
		"a key that is no ASCII":      {heroku.Config{Key: "HRKU-ä"}, "check HEROKU_API_KEY"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := heroku.New(tt.config)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), "HRKU") || strings.Contains(err.Error(), password)) {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}
