package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/stack"
)

// FuzzHandle handles any event of the gateway. Nothing behind the API is called for an app whose name is invalid, or for a request that is
// refused; every refusal has a code and the request ID; and the log has no credential and no body.
func FuzzHandle(f *testing.F) {
	routes := []string{stack.RoutePost, stack.RouteList, stack.RouteGet, stack.RoutePut, stack.RouteDelete, "$default", ""}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("shop:nTUmZw6bxInzlOAT4V9TKxx9CScMxt2M"))
	for route := range routes {
		f.Add(uint8(route), "shop", "", "", `{"format":"json"}`, false, basic, "https", "$default")
		f.Add(uint8(route), "shop%2F", "next", "YXBp", "83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - up\n", true, basic, "http", "prod")
	}
	f.Add(uint8(4), "shop", "logs", "keep", "", false, "", "", "")
	f.Add(uint8(4), "shop", "event_source", "", "", false, "", "", "")
	f.Add(uint8(4), "shop", "log", "keep", "", false, "", "", "")
	f.Add(uint8(3), "shop", "", "", "eyJmb3JtYXQiOiJqc29uIn0=", true, "", "javascript", "a/b?c")
	f.Add(uint8(3), "shop", "", "", "e", true, "", "https", "$default")
	f.Fuzz(func(t *testing.T, route uint8, app, name, value, body string, inBase64 bool, authorization, proto, stage string) {
		if !utf8.ValidString(app + "\n" + name + "\n" + value + "\n" + body + "\n" + authorization + "\n" + proto + "\n" + stage) {
			t.Skip() // an event is JSON, which has only valid UTF-8
		}
		b := &backend{status: http.StatusUnauthorized, reason: errors.New("the reason"), password: "s3cret-_", drain: drain.Drain{App: "shop", Settings: drain.DefaultSettings()}}
		r := request(routes[int(route)%len(routes)], app, nil)
		if name != "" {
			r.QueryStringParameters = map[string]string{name: value}
		}
		r.Body, r.IsBase64Encoded, r.RequestContext.Stage = body, inBase64, stage
		r.Headers["authorization"], r.Headers["x-forwarded-proto"] = authorization, proto
		answer, logged := handle(t, b, r)
		for _, secret := range []string{authorization, body, "s3cret-_"} {
			if len(secret) > 20 && strings.Contains(logged, secret) {
				t.Errorf("logged %s", logged)
			}
		}
		if drain.ValidateApp(app) != nil && slices.ContainsFunc(b.calls, func(call any) bool { _, list := call.(listCall); return !list }) {
			t.Errorf("calls for the app %q: %v", app, b.calls)
		}
		if r.RouteKey == stack.RoutePost {
			checkPost(t, b, r, answer)
			return
		}
		if answer.StatusCode < 300 {
			if len(b.calls) != 1 || !json.Valid([]byte(answer.Body)) {
				t.Errorf("%d calls, answer %s", len(b.calls), answer.Body)
			}
			return
		}
		var refused drain.ErrorResponse
		if err := json.Unmarshal([]byte(answer.Body), &refused); err != nil || refused.Error.Code == "" || refused.Error.Message == "" || refused.Error.RequestID != requestID {
			t.Errorf("%d %s", answer.StatusCode, answer.Body)
		}
		if len(b.calls) > 0 {
			t.Errorf("refused with %s after %v", answer.Body, b.calls)
		}
	})
}

// checkPost checks the answer to a POST that the backend answers with 401.
func checkPost(t *testing.T, b *backend, r events.APIGatewayV2HTTPRequest, answer events.APIGatewayV2HTTPResponse) {
	t.Helper()
	want := http.StatusUnauthorized
	if drain.ValidateApp(r.PathParameters["app"]) != nil {
		want = http.StatusBadRequest
	}
	if answer.StatusCode != want || answer.Body != "" {
		t.Errorf("answer %d %q", answer.StatusCode, answer.Body)
	}
	for _, call := range b.calls {
		if got, ok := call.(ingest.Request); !ok || got.App != r.PathParameters["app"] || got.Authorization != r.Headers["authorization"] || got.Body != r.Body || got.IsBase64 != r.IsBase64Encoded {
			t.Errorf("passed on: %+v", call)
		}
	}
}
