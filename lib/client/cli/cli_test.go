package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// outcome is what a command line did.
type outcome struct {
	code           int
	stdout, stderr string
}

// command runs a command line without a terminal; its waits take no time and are noted in waits.
func command(t *testing.T, waits *[]time.Duration, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	var mu sync.Mutex
	wait := func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		if waits != nil {
			*waits = append(*waits, d)
		}
		return ctx.Err()
	}
	code := cli.MainThatWaits(t.Context(), args, strings.NewReader(""), &stdout, &stderr, wait)
	return outcome{code, stdout.String(), stderr.String()}
}

// answer is what an API says to one request.
type answer struct {
	status     int
	retryAfter string
	body       string
}

// fakeAPI answers each request with the next of its answers, and the last one from then on. It is an AWS, too, whose dead-letter queue
// is empty.
type fakeAPI struct {
	*httptest.Server
	dropped *answer // to GET /alerts/shop/dropped, which does not count as a request; nil: an older API, which has no such route
	mu      sync.Mutex
	answers []answer
	seen    []string // "METHOD path body"
}

func newFakeAPI(t *testing.T, answers ...answer) *fakeAPI {
	a := &fakeAPI{answers: answers}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") == "AmazonSQS.GetQueueAttributes" {
		w.Header().Set("Server", awslocal.ServerName)
		_, _ = io.WriteString(w, `{"Attributes":{"ApproximateNumberOfMessages":"0"}}`)
		return
	}
	if target := r.Header.Get("X-Amz-Target"); strings.HasPrefix(target, "Logs_") && strings.HasSuffix(target, "Query") || strings.HasSuffix(target, "QueryResults") {
		w.Header().Set("Server", awslocal.ServerName) // the ledger is empty
		_, _ = io.WriteString(w, `{"queryId":"1","status":"Complete","results":[]}`)
		return
	}
	if r.URL.Path == stack.LocalInfoPath { // it runs nothing else
		http.NotFound(w, r)
		return
	}
	if r.URL.Path == "/alerts/shop/dropped" {
		given := answer{status: http.StatusNotFound, body: `{"message":"Not Found"}`}
		if a.dropped != nil {
			given = *a.dropped
		}
		w.WriteHeader(given.status)
		_, _ = io.WriteString(w, given.body)
		return
	}
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	next := a.answers[min(len(a.seen), len(a.answers)-1)]
	a.seen = append(a.seen, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	if next.retryAfter != "" {
		w.Header().Set("Retry-After", next.retryAfter)
	}
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

func (a *fakeAPI) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.seen)
}

// local are the flags that point a verb to the fake.
func (a *fakeAPI) local(args ...string) []string {
	return append([]string{"--local", "--local-api-url", a.URL, "--local-aws-url", a.URL}, args...)
}

// aDrain is an answer with the drain for shop.
func aDrain(state string, extra ...string) string {
	fields := append([]string{
		`"app":"shop"`, `"state":"` + state + `"`, `"log_group":"/heroku/apps"`, `"log_stream":"[APP]shop"`,
		`"settings":{"format":"text","ansi":"keep","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`,
	}, extra...)
	return `{"data":{` + strings.Join(fields, ",") + `}}`
}

func queueOf(messages string) string {
	return `"queue":{"name":"APP_shop","url":"http://q/APP_shop","arn":"arn:aws:sqs:us-east-1:000000000000:APP_shop",` +
		`"messages":` + messages + `,"in_flight":0,"delayed":0}`
}

const (
	eventSource = `"event_source":{"uuid":"1234","state":"Enabled"}`
	drainURL    = `"drain_url":"https://shop:s3cretpassword@example.com/drains/shop"`
)

func wantIn(t *testing.T, what, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, text)
		}
	}
}

// mainThatWaits runs a command line of which stdout does not matter.
func mainThatWaits(ctx context.Context, args []string, stderr io.Writer, wait func(context.Context, time.Duration) error) int {
	return cli.MainThatWaits(ctx, args, strings.NewReader(""), io.Discard, stderr, wait)
}
