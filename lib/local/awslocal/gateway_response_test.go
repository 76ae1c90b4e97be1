package awslocal_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/local/awslocal"
)

func TestGatewayResponses(t *testing.T) {
	fails := errors.New("the function's own secret")
	tests := []struct {
		name    string
		answer  string
		err     error
		status  int
		body    string
		headers map[string][]string
	}{
		{"a complete response", `{"statusCode":201,"headers":{"X-A":"1","content-type":"application/json"},"cookies":["a=1","b=2"],"body":"{}"}`, nil,
			201, "{}", map[string][]string{"X-A": {"1"}, "Content-Type": {"application/json"}, "Set-Cookie": {"a=1", "b=2"}, "Content-Length": {"2"}}},
		{"no body", `{"statusCode":503}`, nil, 503, "", map[string][]string{"Content-Length": {"0"}, "Content-Type": nil}},
		{"a null body", `{"statusCode":200,"body":null,"headers":null,"cookies":null}`, nil, 200, "", map[string][]string{"Content-Length": {"0"}}},
		{"a body in base64", `{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}`, nil, 200, "hello", map[string][]string{"Content-Length": {"5"}}},
		{"no content type", `{"statusCode":200,"body":"hello"}`, nil, 200, "hello", map[string][]string{"Content-Type": {"text/plain;charset=UTF-8"}}},
		{"headers of the gateway's", `{"statusCode":200,"body":"hello","headers":{"content-length":"1","transfer-encoding":"chunked","apigw-requestid":"mine"}}`, nil,
			200, "hello", map[string][]string{"Content-Length": {"5"}}},
		{"format 1.0 headers do not count", `{"statusCode":200,"multiValueHeaders":{"X-A":["1"]}}`, nil, 200, "", map[string][]string{"X-A": nil}},
		{"names in another case do not count", `{"statusCode":201,"body":"a","Body":"b","StatusCode":500,"Headers":{"X-A":"1"}}`, nil, 201, "a", map[string][]string{"X-A": nil}},
		{"an object without a status", `{"a": 1}`, nil, 200, `{"a": 1}`, map[string][]string{"Content-Type": {"application/json"}}},
		{"a string", `"Hello from Lambda!"`, nil, 200, "Hello from Lambda!", map[string][]string{"Content-Type": {"application/json"}}},
		{"nothing", ``, nil, 200, "null", map[string][]string{"Content-Type": {"application/json"}}},
		{"an invalid status", `{"statusCode":42}`, nil, 500, `{"message":"Internal Server Error"}`, nil},
		{"a status in words", `{"statusCode":"OK"}`, nil, 500, `{"message":"Internal Server Error"}`, nil},
		{"a body that is not a string", `{"statusCode":200,"body":{}}`, nil, 500, `{"message":"Internal Server Error"}`, nil},
		{"a body that is not base64", `{"statusCode":200,"body":"*","isBase64Encoded":true}`, nil, 500, `{"message":"Internal Server Error"}`, nil},
		{"not JSON", `hello`, nil, 500, `{"message":"Internal Server Error"}`, nil},
		{"an error", ``, fails, 500, `{"message":"Internal Server Error"}`, map[string][]string{"Content-Type": {"application/json"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _ := api(t, func(context.Context, []byte) ([]byte, error) {
				if tt.answer == "" {
					return nil, tt.err
				}
				return []byte(tt.answer), tt.err
			})
			res, body := do(t, request(t, s, http.MethodPost, "/drains/shop", ""))
			if res.StatusCode != tt.status || body != tt.body {
				t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.body)
			}
			for name, want := range tt.headers {
				if diff := cmp.Diff(want, res.Header.Values(name), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			if len(res.TransferEncoding) != 0 || res.ContentLength != int64(len(tt.body)) {
				t.Errorf("transfer encoding %v, length %d, want a plain body of known length", res.TransferEncoding, res.ContentLength)
			}
			if len(res.Header.Values("Apigw-Requestid")) != 1 || res.Header.Get("Apigw-Requestid") == "mine" {
				t.Errorf("request IDs %v", res.Header.Values("Apigw-Requestid"))
			}
		})
	}
}

func TestGatewayLimits(t *testing.T) {
	const mb = 1024 * 1024
	s, got := api(t, nil)
	short := request(t, s, http.MethodPost, "/drains/shop", "")
	tests := []struct {
		name   string
		req    *http.Request
		status int
		body   string
	}{
		{"a body that fits as base64", request(t, s, http.MethodPost, "/drains/shop", strings.Repeat("x", 4*mb+mb/4)), 200, ""},
		{"a body of 4.4 MB, which the README promises", request(t, s, http.MethodPost, "/drains/shop", strings.Repeat("x", 4_400_000)), 200, ""},
		{"a body too large for the function as base64", request(t, s, http.MethodPost, "/drains/shop", strings.Repeat("x", 5*mb)), 413, `{"message":"Request Entity Too Large"}`},
		{"the same as text", request(t, s, http.MethodPost, "/drains/shop", strings.Repeat("x", 5*mb), "Content-Type", "text/plain"), 200, ""},
		{"a body too large for the gateway", request(t, s, http.MethodPost, "/drains/shop", strings.Repeat("x", 10*mb+1)), 413, `{"message":"Request Entity Too Large"}`},
		{"headers that fit", request(t, s, http.MethodPost, "/drains/shop", "", "X-Long", strings.Repeat("x", 9_000)), 200, ""},
		{"headers too large", request(t, s, http.MethodPost, "/drains/shop", "", "X-Long", strings.Repeat("x", 10_240)), 431, `{"message":"Request Header Fields Too Large"}`},
		{"a path too long", request(t, s, http.MethodPost, "/drains/"+strings.Repeat("x", 10_240), ""), 431, `{"message":"Request Header Fields Too Large"}`},
		{"a route to a function that does not exist", request(t, s, http.MethodGet, "/orphan", ""), 500, `{"message":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := do(t, tt.req)
			if res.StatusCode != tt.status || body != tt.body {
				t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.body)
			}
			if res.StatusCode == http.StatusOK {
				<-got
			}
		})
	}
	if res, _ := do(t, short); res.StatusCode != http.StatusOK {
		t.Errorf("%s after the rejected requests, want 200", res.Status)
	}
}

// TestGatewayKeepsTheFunctionRunning checks that the function is called, and keeps running, if the client goes away.
func TestGatewayKeepsTheFunctionRunning(t *testing.T) {
	const delay = 10 * time.Second // on the Server's clock
	open, ended := make(chan struct{}), make(chan error, 1)
	s, got := api(t, func(ctx context.Context, _ []byte) ([]byte, error) {
		<-open
		ended <- ctx.Err()
		return nil, nil
	})
	s.Inject(awslocal.Fault{Service: "lambda", Operation: "Invoke", Delay: delay})
	sendAndLeave(t, s, http.MethodPost, "/drains/shop")
	waitFor(t, func() bool {
		s.Advance(delay)
		return len(got) == 1
	})
	close(open)
	if err := <-ended; err != nil {
		t.Errorf("the function's context after the client went away: %v", err)
	}
}

// sendAndLeave sends a complete request without a body and closes the connection. It does without net/http, whose client does not say when it
// has sent a request: httptrace's WroteRequest comes before the last bytes go out, and a client that leaves then may have sent nothing.
func sendAndLeave(t *testing.T, s *awslocal.Server, method, path string) {
	t.Helper()
	host := strings.TrimPrefix(s.APIURL(), "http://")
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n", method, path, host)
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestGatewayFaults(t *testing.T) {
	s, got := api(t, nil)
	tests := []struct {
		name   string
		fault  awslocal.Fault
		status int
		body   string
	}{
		{"of its own", awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Status: 429, Message: "Too Many Requests"}, 429, `{"message":"Too Many Requests"}`},
		{"a throttled function", awslocal.Fault{Service: "lambda", Operation: "Invoke", Status: 429, Code: "TooManyRequestsException"}, 503, `{"message":"Service Unavailable"}`},
		{"a broken Lambda", awslocal.Fault{Service: "lambda", Operation: "Invoke", Status: 500, Code: "ServiceException"}, 500, `{"message":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			remove := s.Inject(tt.fault)
			res, body := do(t, request(t, s, http.MethodPost, "/drains/shop", ""))
			remove()
			if res.StatusCode != tt.status || body != tt.body {
				t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.body)
			}
			if len(got) != 0 {
				t.Error("the function ran")
			}
		})
	}
}
