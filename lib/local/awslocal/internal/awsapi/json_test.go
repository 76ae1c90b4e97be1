package awsapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

type echo struct{ Text string }

func TestJSON(t *testing.T) {
	service := &awsapi.JSON{Target: "Service", Version: "1.1", Operations: map[string]awsapi.Operation{
		"Echo":    awsapi.Op(func(_ context.Context, in *echo) (*echo, error) { return in, nil }),
		"Nothing": awsapi.Op(func(context.Context, *echo) (*echo, error) { return nil, nil }),
		"Refuse": awsapi.Op(func(context.Context, *echo) (*echo, error) {
			e := awsapi.Errorf(http.StatusConflict, "Busy", "try %s", "later")
			e.QueryCode = "AWS.Busy"
			e.Fields = map[string]any{"retryAfter": 3}
			return nil, e
		}),
		"Break": awsapi.Op(func(context.Context, *echo) (*echo, error) { return nil, errors.New("broken") }),
	}}
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
		query                      string
	}{
		{"a response", http.MethodPost, "Service.Echo", `{"Text":"é"}`, 200, `{"Text":"é"}`, ""},
		{"no body", http.MethodPost, "Service.Echo", "", 200, `{"Text":""}`, ""},
		{"an empty response", http.MethodPost, "Service.Nothing", "{}", 200, "{}", ""},
		{"an AWS error", http.MethodPost, "Service.Refuse", "{}", 409, `{"__type":"Busy","message":"try later","retryAfter":3}`, "AWS.Busy;Sender"},
		{"another error", http.MethodPost, "Service.Break", "{}", 500, `{"__type":"InternalFailure","message":"broken"}`, ""},
		{"an unknown member", http.MethodPost, "Service.Echo", `{"Other":1}`, 400, `"__type":"SerializationException"`, ""},
		{"not JSON", http.MethodPost, "Service.Echo", `<xml>`, 400, `"__type":"SerializationException"`, ""},
		{"not UTF-8", http.MethodPost, "Service.Echo", "{\"Text\":\"\xff\"}", 400, `"__type":"SerializationException"`, ""},
		{"too large", http.MethodPost, "Service.Echo", strings.Repeat(" ", 16<<20+1), 413, `"__type":"RequestEntityTooLargeException"`, ""},
		{"an unknown operation", http.MethodPost, "Service.Other", "{}", 400, `"__type":"UnknownOperationException"`, ""},
		{"another service", http.MethodPost, "Other.Echo", "{}", 400, `"__type":"UnknownOperationException"`, ""},
		{"another method", http.MethodGet, "Service.Echo", "", 400, `"__type":"UnknownOperationException"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", c.target)
			w := httptest.NewRecorder()
			service.ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || w.Header().Get("X-Amzn-Query-Error") != c.query {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if got := w.Header().Get("Content-Type"); got != "application/x-amz-json-1.1" || w.Header().Get("X-Amzn-Requestid") == "" {
				t.Errorf("headers %v", w.Header())
			}
			if (c.status == 200) != (w.Header().Get("X-Amzn-Errortype") == "") {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}
