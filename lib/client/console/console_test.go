package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/console"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// site is a page that is being served, of a local system.
type site struct {
	t      *testing.T
	system *local.System
	addr   string
	token  string
	end    func() // ends it, and waits until it has ended
}

// serve serves the page of a new system. change may change its options.
func serve(t *testing.T, change func(*console.Options)) *site {
	t.Helper()
	system := localtest.Start(t, local.Options{})
	listener, err := console.Listen(t.Context(), "127.0.0.1:0")
	localtest.Must(t, err)
	opts := console.Options{
		Installation: installation.New(installation.Options{
			Local: &installation.Local{APIURL: system.AWS.APIURL(), AWSURL: system.AWS.AWSURL(), Server: awslocal.ServerName},
		}),
		Addr: listener.Addr().String(), Stack: stack.DefaultName, Program: "heroku-drains-cli --local",
	}
	if change != nil {
		change(&opts)
	}
	page := console.New(opts)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		err := page.Serve(ctx, listener)
		page.Close()
		ended <- err
		close(ended)
	}()
	s := &site{t: t, system: system, addr: listener.Addr().String(), token: opts.Token}
	s.end = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
	t.Cleanup(s.end)
	return s
}

// request returns a request as the page makes it.
func (s *site) request(method, path, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, strings.NewReader(body))
	localtest.Must(s.t, err)
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	if method == http.MethodPost {
		r.Header.Set("Origin", "http://"+s.addr)
		r.Header.Set("X-Heroku-Drains", "1")
	}
	return r
}

func (s *site) client() *http.Client { return &http.Client{Transport: http.DefaultTransport} }

// send sends a request, and returns the response with its body.
func (s *site) send(r *http.Request) (*http.Response, string) {
	s.t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	localtest.Must(s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	localtest.Must(s.t, err)
	return resp, string(body)
}

// get decodes the answer of the API to a request that succeeds.
func (s *site) get(path string, into any) {
	s.t.Helper()
	resp, body := s.send(s.request(http.MethodGet, path, ""))
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s", path, resp.StatusCode, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		s.t.Fatalf("GET %s: %v in %s", path, err, body)
	}
}

// refusal returns the sentence of an error response, which must have this status.
func (s *site) refusal(r *http.Request, status int) string {
	s.t.Helper()
	resp, body := s.send(r)
	var refused struct {
		Error struct{ Message string }
	}
	if err := json.Unmarshal([]byte(body), &refused); err != nil || resp.StatusCode != status || refused.Error.Message == "" {
		s.t.Errorf("%s %s: %d %s, want %d with a message", r.Method, r.URL, resp.StatusCode, body, status)
	}
	if kind := resp.Header.Get("Content-Type"); kind != "application/json" {
		s.t.Errorf("%s %s: %s", r.Method, r.URL, kind)
	}
	return refused.Error.Message
}

// put creates the drain of an app.
func (s *site) put(app string, change drain.Patch) {
	s.t.Helper()
	_, _, err := clienttest.API(s.t, s.system.AWS).Put(s.t.Context(), app, change)
	localtest.Must(s.t, err)
}

// store adds lines to an app's log stream.
func (s *site) store(app string, at time.Time, lines ...string) {
	s.t.Helper()
	var events []types.InputLogEvent
	for _, line := range lines {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(line)})
	}
	_, err := cloudwatchlogs.NewFromConfig(s.system.AWS.Config()).PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app), LogEvents: events,
	})
	localtest.Must(s.t, err)
}

// item is an item of the response of /api/lines.
type item struct {
	Line       map[string]any            `json:"line"`
	CaughtUp   bool                      `json:"caught_up"`
	Duplicates int                       `json:"duplicates"`
	Note       string                    `json:"note"`
	Ping       bool                      `json:"ping"`
	Error      *struct{ Message string } `json:"error"`
}

// feed is an open response of /api/lines.
type feed struct {
	t       *testing.T
	items   *bufio.Scanner
	closeIt func()
}

// lines asks for lines.
func (s *site) lines(query string) *feed {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	resp, err := http.DefaultTransport.RoundTrip(s.request(http.MethodGet, "/api/lines?"+query, "").WithContext(ctx))
	localtest.Must(s.t, err)
	s.t.Cleanup(func() { cancel(); resp.Body.Close() })
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || kind != "application/x-ndjson" {
		s.t.Fatalf("/api/lines?%s: %d, %s", query, resp.StatusCode, kind)
	}
	items := bufio.NewScanner(resp.Body)
	items.Buffer(nil, 4<<20)
	return &feed{t: s.t, items: items, closeIt: cancel}
}

// next returns the next item; ok is false at the end.
func (f *feed) next() (i item, ok bool) {
	f.t.Helper()
	if !f.items.Scan() {
		return i, false
	}
	if err := json.Unmarshal(f.items.Bytes(), &i); err != nil {
		f.t.Fatalf("%v in %s", err, f.items.Bytes())
	}
	return i, true
}

// messages returns the messages of the lines up to the first other item, and that item.
func (f *feed) messages() (messages []string, end item) {
	f.t.Helper()
	for {
		i, ok := f.next()
		if !ok || i.Line == nil {
			return messages, i
		}
		messages = append(messages, i.Line["message"].(string))
	}
}
