package apiclient_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
)

var keys = credentials.NewStaticCredentialsProvider("AKIDTEST", "s3cret", "")

// answer is what the API says to one request.
type answer struct {
	status     int
	retryAfter string
	body       string
}

// api answers each request with the next of its answers and checks its signature.
type api struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	answers []answer
	seen    []string // "METHOD path?query body"
}

func newAPI(t *testing.T, answers ...answer) *api {
	a := &api{t: t, answers: answers}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	checkSignature(a.t, r, body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	if len(a.answers) == 0 {
		a.t.Errorf("one request too many: %s", a.seen[len(a.seen)-1])
		return
	}
	next := a.answers[0]
	a.answers = a.answers[1:]
	if next.retryAfter != "" {
		w.Header().Set("Retry-After", next.retryAfter)
	}
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

// checkSignature signs the request that arrived with the same key, time and headers, and compares.
func checkSignature(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Errorf("X-Amz-Date: %v", err)
		return
	}
	again, err := http.NewRequestWithContext(t.Context(), r.Method, "http://"+r.Host+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		again.Header.Set("Content-Type", kind)
	}
	credentials, err := keys.Retrieve(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	hash := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(t.Context(), credentials, again, hex.EncodeToString(hash[:]), "execute-api", "eu-west-1", at)
	if err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(again.Header.Get("Authorization"), r.Header.Get("Authorization")); diff != "" {
		t.Errorf("Authorization (-want +got):\n%s", diff)
	}
}

func newClient(t *testing.T, url string) *apiclient.Client {
	t.Helper()
	c, err := apiclient.New(apiclient.Config{
		URL: url, Region: "eu-west-1", Credentials: keys,
		Backoff: retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPut(t *testing.T) {
	for status, wantCreated := range map[int]bool{http.StatusCreated: true, http.StatusOK: false} {
		body := `{"data":{"app":"shop","state":"creating","drain_url":"https://shop:pw@example.com/drains/shop"}}`
		a := newAPI(t, answer{status: status, body: body})
		d, created, err := newClient(t, a.URL).Put(t.Context(), "shop", drain.Patch{Format: new("json"), BatchSize: new(100)})
		if err != nil {
			t.Fatal(err)
		}
		want := drain.Drain{App: "shop", State: drain.Creating, DrainURL: "https://shop:pw@example.com/drains/shop"}
		if diff := cmp.Diff(want, d); diff != "" || created != wantCreated {
			t.Errorf("status %d: created %t, drain (-want +got):\n%s", status, created, diff)
		}
		if diff := cmp.Diff([]string{`PUT /drains/shop {"format":"json","batch_size":100}`}, a.seen); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	}
}

func TestGetAndDelete(t *testing.T) {
	drainJSON := `{"data":{"app":"shop","state":"active"}}`
	ok := answer{status: 200, body: drainJSON}
	a := newAPI(t, ok, ok, ok, ok)
	c := newClient(t, a.URL+"/") // a slash too many does no harm
	want := drain.Drain{App: "shop", State: drain.Active}
	for name, call := range map[string]func() (drain.Drain, error){
		"get":              func() (drain.Drain, error) { return c.Get(t.Context(), "shop") },
		"delete":           func() (drain.Drain, error) { return c.Delete(t.Context(), "shop", drain.DeleteOptions{}) },
		"delete, keepLogs": func() (drain.Drain, error) { return c.Delete(t.Context(), "shop", drain.DeleteOptions{KeepLogs: true}) },
		"delete a certain one": func() (drain.Drain, error) {
			return c.Delete(t.Context(), "shop", drain.DeleteOptions{EventSource: "14e0db71"})
		},
	} {
		d, err := call()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, want := range []string{"GET /drains/shop", "DELETE /drains/shop", "DELETE /drains/shop?logs=keep",
		"DELETE /drains/shop?event_source=14e0db71"} {
		if !slices.Contains(a.seen, want) {
			t.Errorf("no %s among %q", want, a.seen)
		}
	}
}

func TestListFollowsEveryPage(t *testing.T) {
	a := newAPI(t,
		answer{status: 200, body: `{"data":[{"app":"blog"}],"next":"a/b+c="}`},
		answer{status: 200, body: `{"data":[],"next":"d"}`},
		answer{status: 200, body: `{"data":[{"app":"shop"}]}`})
	drains, err := newClient(t, a.URL).List(t.Context(), drain.IncludeCounts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]drain.Drain{{App: "blog"}, {App: "shop"}}, drains); diff != "" {
		t.Errorf("drains (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GET /drains?include=counts", "GET /drains?include=counts&next=a%2Fb%2Bc%3D", "GET /drains?include=counts&next=d"}, a.seen); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// An API of an older version knows no details, and answers with all of them.
func TestListOfAnOlderAPI(t *testing.T) {
	a := newAPI(t,
		answer{status: 400, body: `{"error":{"code":"InvalidQuery","message":"unknown query parameter \"include\": this route takes next"}}`},
		answer{status: 200, body: `{"data":[{"app":"blog"}],"next":"n"}`},
		answer{status: 200, body: `{"data":[{"app":"shop"}]}`})
	drains, err := newClient(t, a.URL).List(t.Context(), drain.IncludeCounts, drain.IncludeSettings)
	if diff := cmp.Diff([]drain.Drain{{App: "blog"}, {App: "shop"}}, drains); diff != "" || err != nil {
		t.Errorf("%v; drains (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"GET /drains?include=counts%2Csettings", "GET /drains", "GET /drains?next=n"}, a.seen); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestNoDrainsAreAnEmptyList(t *testing.T) {
	drains, err := newClient(t, newAPI(t, answer{status: 200, body: `{"data":[]}`}).URL).List(t.Context())
	if err != nil || drains == nil || len(drains) > 0 {
		t.Errorf("%#v, %v", drains, err)
	}
}

func TestRefusals(t *testing.T) {
	tests := map[string]struct {
		answers []answer
		want    apiclient.Error
		text    string
	}{
		"the API's": {
			[]answer{{status: 404, body: `{"error":{"code":"NotFound","message":"there is no drain of shop","request_id":"r1"}}`}},
			apiclient.Error{Status: 404, Code: "NotFound", Message: "there is no drain of shop", RequestID: "r1"},
			"there is no drain of shop",
		},
		"one to wait for": {
			[]answer{{status: 409, retryAfter: "60", body: `{"error":{"code":"QueueDeletedRecently","message":"wait"}}`}},
			apiclient.Error{Status: 409, Code: "QueueDeletedRecently", Message: "wait", RetryAfter: time.Minute},
			"wait",
		},
		"the gateway's": {
			[]answer{{status: 403, body: `{"message":"Forbidden"}`}},
			apiclient.Error{Status: 403, Message: "Forbidden"},
			"HTTP 403: Forbidden",
		},
		"somebody else's": {
			[]answer{{status: 418, body: `<html>`}},
			apiclient.Error{Status: 418, Foreign: true, Message: "I'm a teapot"},
			"the server at this address is not a drains API (HTTP 418: I'm a teapot)",
		},
		"another gateway's": {
			[]answer{{status: 404, body: `{"message":"Not Found"}`}},
			apiclient.Error{Status: 404, Foreign: true, Message: "Not Found"},
			"the server at this address is not a drains API (HTTP 404: Not Found)",
		},
		"a web server's, which knows no PUT": {
			[]answer{{status: 501, body: `<html>`}},
			apiclient.Error{Status: 501, Foreign: true, Message: "Not Implemented"},
			"the server at this address is not a drains API (HTTP 501: Not Implemented)",
		},
		"a page": {
			[]answer{{status: 200, body: `<html>`}},
			apiclient.Error{Status: 200, Foreign: true, Message: "OK"},
			"the server at this address is not a drains API (HTTP 200: OK)",
		},
		"other JSON": {
			[]answer{{status: 200, body: `{"status":"ok"}`}},
			apiclient.Error{Status: 200, Foreign: true, Message: "OK"},
			"the server at this address is not a drains API (HTTP 200: OK)",
		},
		"four failures": {
			[]answer{{status: 500}, {status: 429}, {status: 502},
				{status: 503, body: `{"error":{"code":"Unavailable","message":"try again","request_id":"r2"}}`}},
			apiclient.Error{Status: 503, Code: "Unavailable", Message: "try again", RequestID: "r2"},
			"try again (request ID r2)",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, tt.answers...)
			_, err := newClient(t, a.URL).Get(t.Context(), "shop")
			refusal, ok := errors.AsType[*apiclient.Error](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			tt.want.Method, tt.want.Path = http.MethodGet, "drains/shop"
			if diff := cmp.Diff(tt.want, *refusal); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			if err.Error() != tt.text {
				t.Errorf("text %q, want %q", err.Error(), tt.text)
			}
			if len(a.seen) != len(tt.answers) {
				t.Errorf("%d requests, want %d", len(a.seen), len(tt.answers))
			}
		})
	}
}

func TestAPassingFailureIsTriedAgain(t *testing.T) {
	a := newAPI(t, answer{status: 503}, answer{status: 429}, answer{status: 200, body: `{"data":{"app":"shop"}}`})
	if _, err := newClient(t, a.URL).Delete(t.Context(), "shop", drain.DeleteOptions{}); err != nil || len(a.seen) != 3 {
		t.Errorf("%d requests, error %v", len(a.seen), err)
	}
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, err := apiclient.New(apiclient.Config{
		URL: newAPI(t, answer{status: 503}).URL, Region: "eu-west-1", Credentials: keys,
		Backoff: retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { cancel(); return time.Hour, nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(ctx, "shop"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestDataThatIsNoDrain(t *testing.T) {
	_, err := newClient(t, newAPI(t, answer{status: 200, body: `{"data":"shop"}`}).URL).Get(t.Context(), "shop")
	if err == nil || !strings.Contains(err.Error(), "decode the response of http://") {
		t.Errorf("error %v", err)
	}
}

func TestNewRefusesWhatItCannotCall(t *testing.T) {
	for _, config := range []apiclient.Config{
		{URL: "", Region: "eu-west-1"},
		{URL: "example.com", Region: "eu-west-1"},
		{URL: "ftp://example.com", Region: "eu-west-1"},
		{URL: "https://example.com"},
	} {
		if _, err := apiclient.New(config); err == nil {
			t.Errorf("%+v is taken", config)
		}
	}
}
