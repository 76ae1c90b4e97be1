package awslocal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// api starts an embedded AWS with routes to a function. It returns the events that the function gets. If answer is nil, the function
// responds with status 200.
func api(t *testing.T, answer func(ctx context.Context, event []byte) ([]byte, error)) (*awslocal.Server, chan []byte) {
	t.Helper()
	s := localtest.StartAWS(t, awslocal.Options{})
	got := make(chan []byte, 100)
	handle := func(ctx context.Context, payload []byte) ([]byte, error) {
		got <- bytes.Clone(payload)
		if answer == nil {
			return []byte(`{"statusCode":200}`), nil
		}
		return answer(ctx, payload)
	}
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: handle, Timeout: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRoutes([]awslocal.Route{
		{Key: "ANY /drains/{app}", Function: "f"},
		{Key: "GET /drains", IAM: true, Function: "f"},
		{Key: "PUT /drains/{app}", IAM: true, Function: "f"},
		{Key: "POST /drains/{app}", Function: "f"},
		{Key: "POST /drains/{app}/{part}", Function: "f"},
		{Key: "POST /drains/{app}/fixed", Function: "f"},
		{Key: "GET /orphan", Function: "nobody"},
	}); err != nil {
		t.Fatal(err)
	}
	return s, got
}

func request(t *testing.T, s *awslocal.Server, method, path, body string, headers ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.APIURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	return req
}

// do sends a request and returns the response with its body.
func do(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// sign signs a request for a service with the Server's access key.
func sign(t *testing.T, s *awslocal.Server, req *http.Request, service, body string) {
	t.Helper()
	credentials, err := s.Config().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, req, hex.EncodeToString(hash[:]), service, "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
}

func decodeEvent(t *testing.T, payload []byte) events.APIGatewayV2HTTPRequest {
	t.Helper()
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &event); err != nil {
		t.Fatal(err)
	}
	return event
}

func TestGatewayEvent(t *testing.T) {
	s, got := api(t, nil)
	before := time.Now().Truncate(time.Millisecond)
	req := request(t, s, http.MethodPost, "/drains/shop?a=1&b=x%20y&a=2", "hello",
		"Content-Type", "application/logplex-1", "X-Several", "one", "X-Several", "two", "Cookie", "a=1; b=2", "Authorization", "Basic c2hvcDpwYXNz",
		"User-Agent", "Logplex/v73", "X-Forwarded-For", "192.0.2.1")
	res, body := do(t, req)
	if res.StatusCode != http.StatusOK || body != "" {
		t.Fatalf("response %s %q, want 200 without a body", res.Status, body)
	}
	event := decodeEvent(t, <-got)

	host := strings.TrimPrefix(s.APIURL(), "http://")
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		t.Fatal(err)
	}
	want := events.APIGatewayV2HTTPRequest{
		Version:        "2.0",
		RouteKey:       "POST /drains/{app}",
		RawPath:        "/drains/shop",
		RawQueryString: "a=1&b=x%20y&a=2",
		Cookies:        []string{"a=1", "b=2"},
		Headers: map[string]string{
			"accept-encoding": "gzip", "authorization": "Basic c2hvcDpwYXNz", "content-length": "5", "content-type": "application/logplex-1",
			"host": host, "user-agent": "Logplex/v73", "x-several": "one,two",
			"x-forwarded-for": "192.0.2.1, 127.0.0.1", "x-forwarded-port": port, "x-forwarded-proto": "http",
		},
		QueryStringParameters: map[string]string{"a": "1,2", "b": "x y"},
		PathParameters:        map[string]string{"app": "shop"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "POST /drains/{app}", AccountID: "000000000000", Stage: "$default", APIID: "awslocal",
			DomainName: host, DomainPrefix: "127",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: "/drains/shop", Protocol: "HTTP/1.1", SourceIP: "127.0.0.1", UserAgent: "Logplex/v73",
			},
		},
		Body:            "aGVsbG8=",
		IsBase64Encoded: true,
	}
	trace := event.Headers["x-amzn-trace-id"]
	if !strings.HasPrefix(trace, "Root=1-") {
		t.Errorf("trace id %q, want Root=1-…", trace)
	}
	delete(event.Headers, "x-amzn-trace-id")
	ignore := cmpopts.IgnoreFields(events.APIGatewayV2HTTPRequestContext{}, "RequestID", "Time", "TimeEpoch")
	if diff := cmp.Diff(want, event, ignore); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	c := event.RequestContext
	if at := time.UnixMilli(c.TimeEpoch); at.Before(before) || time.Since(at) > time.Minute {
		t.Errorf("timeEpoch %s, want now", at)
	}
	if at, err := time.Parse("02/Jan/2006:15:04:05 -0700", c.Time); err != nil || at.Unix() != c.TimeEpoch/1000 {
		t.Errorf("time %q, want the second of timeEpoch %d", c.Time, c.TimeEpoch)
	}
	if id := res.Header.Get("Apigw-Requestid"); id == "" || id != c.RequestID {
		t.Errorf("apigw-requestid %q, want the event's %q", id, c.RequestID)
	}
}

// TestGatewayBodies checks which bodies are passed on as text and which in base64.
func TestGatewayBodies(t *testing.T) {
	s, got := api(t, nil)
	tests := []struct {
		contentType string
		text        bool
	}{
		{"text/plain", true},
		{"text/csv; charset=utf-8", true},
		{"application/json", true},
		{"Application/JSON;charset=utf-8", true},
		{"application/xml", true},
		{"application/javascript", true},
		{"application/logplex-1", false},
		{"application/octet-stream", false},
		{"application/vnd.api+json", false},
		{"", false},
	}
	for _, tt := range tests {
		do(t, request(t, s, http.MethodPost, "/drains/shop", "hello", "Content-Type", tt.contentType))
		event := decodeEvent(t, <-got)
		if event.IsBase64Encoded == tt.text {
			t.Errorf("%q: base64 %t, want %t", tt.contentType, event.IsBase64Encoded, !tt.text)
		}
		if want := map[bool]string{true: "hello", false: "aGVsbG8="}[tt.text]; event.Body != want {
			t.Errorf("%q: body %q, want %q", tt.contentType, event.Body, want)
		}
	}
	chunked := request(t, s, http.MethodPost, "/drains/shop", "hello")
	chunked.ContentLength = -1
	do(t, chunked)
	if event := decodeEvent(t, <-got); event.Headers["content-length"] != "5" || event.Body != "aGVsbG8=" {
		t.Errorf("a chunked body: %q of length %s, want all 5 bytes", event.Body, event.Headers["content-length"])
	}
	do(t, request(t, s, http.MethodPost, "/drains/shop", ""))
	if payload := <-got; bytes.Contains(payload, []byte(`"body"`)) || decodeEvent(t, payload).IsBase64Encoded {
		t.Errorf("event without a body: %s", payload)
	}
}

func TestGatewayRoutes(t *testing.T) {
	s, got := api(t, nil)
	tests := []struct {
		method, path string
		route        string // empty: 404
		parameters   map[string]string
	}{
		{"POST", "/drains/shop", "POST /drains/{app}", map[string]string{"app": "shop"}},
		{"POST", "/drains/shop%20two", "POST /drains/{app}", map[string]string{"app": "shop two"}},
		{"DELETE", "/drains/shop", "ANY /drains/{app}", map[string]string{"app": "shop"}},
		{"POST", "/drains/shop/fixed", "POST /drains/{app}/fixed", map[string]string{"app": "shop"}},
		{"POST", "/drains/shop/other", "POST /drains/{app}/{part}", map[string]string{"app": "shop", "part": "other"}},
		{"HEAD", "/drains", "", nil},
		{"OPTIONS", "/drains", "", nil},
		{"POST", "/drains", "", nil},
		{"POST", "/drains/", "", nil},
		{"POST", "/drains/shop/", "", nil},
		{"POST", "/drains/a/b/c", "", nil},
		{"GET", "/", "", nil},
		{"GET", "/drain", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			res, body := do(t, request(t, s, tt.method, tt.path, ""))
			if tt.route == "" {
				if res.StatusCode != http.StatusNotFound || tt.method != "HEAD" && body != `{"message":"Not Found"}` {
					t.Errorf("%s %s, want 404", res.Status, body)
				}
				return
			}
			event := decodeEvent(t, <-got)
			if event.RouteKey != tt.route {
				t.Errorf("route %q, want %q", event.RouteKey, tt.route)
			}
			if diff := cmp.Diff(tt.parameters, event.PathParameters); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
		})
	}
	if err := s.SetRoutes([]awslocal.Route{{Key: "/drains", Function: "f"}}); err == nil {
		t.Error("a route without a method was accepted")
	}
}

// TestGatewayNotifiesOfSignedRequests checks that OnCall shows the requests that IAM authorizes, with their caller, and no others.
func TestGatewayNotifiesOfSignedRequests(t *testing.T) {
	s, _ := api(t, nil)
	var mu sync.Mutex
	var calls []awslocal.Call
	t.Cleanup(s.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, c)
	}))
	signed := request(t, s, http.MethodPut, "/drains/shop", "{}")
	sign(t, s, signed, "execute-api", "{}")
	do(t, signed)
	do(t, request(t, s, http.MethodPut, "/drains/shop", ""))
	do(t, request(t, s, http.MethodPost, "/drains/shop", "")) // without IAM
	mu.Lock()
	defer mu.Unlock()
	want := []awslocal.Call{{Service: "execute-api", Operation: "PUT", AccessKeyID: "local", Path: "/drains/shop", Input: []byte("{}")}}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestGatewayIAM(t *testing.T) {
	s, got := api(t, nil)
	signed := func(service, body string, change func(*http.Request)) *http.Request {
		req := request(t, s, http.MethodPut, "/drains/shop", body)
		sign(t, s, req, service, body)
		change(req)
		return req
	}
	unchanged := func(*http.Request) {}
	tests := []struct {
		name string
		req  *http.Request
		want int
	}{
		{"signed", signed("execute-api", `{"format":"json"}`, unchanged), http.StatusOK},
		{"not signed", request(t, s, http.MethodPut, "/drains/shop", ""), http.StatusForbidden},
		{"signed for another service", signed("sqs", "", unchanged), http.StatusForbidden},
		{"another path than signed", signed("execute-api", "", func(r *http.Request) { r.URL.Path = "/drains/shop-staging" }), http.StatusForbidden},
		{"another body than signed", signed("execute-api", "{}", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("[]")) }), http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := do(t, tt.req)
			if res.StatusCode != tt.want {
				t.Fatalf("%s %s, want %d", res.Status, body, tt.want)
			}
			if tt.want == http.StatusForbidden {
				if kind := res.Header.Get("X-Amzn-Errortype"); body != `{"message":"Forbidden"}` || kind != "ForbiddenException" {
					t.Errorf("body %s, error type %q", body, kind)
				}
				return
			}
			authorizer := decodeEvent(t, <-got).RequestContext.Authorizer
			if authorizer == nil || authorizer.IAM == nil {
				t.Fatal("no IAM authorizer in the event")
			}
			want := events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{
				AccessKey: "local", AccountID: "000000000000", CallerID: "local", UserARN: "arn:aws:iam::000000000000:user/local", UserID: "local",
			}
			if diff := cmp.Diff(want, *authorizer.IAM); diff != "" {
				t.Errorf("authorizer (-want +got):\n%s", diff)
			}
		})
	}
	if len(got) != 0 {
		t.Error("the function ran for a forbidden request")
	}
}
