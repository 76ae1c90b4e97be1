package httpapi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/httpapi"
	"heroku-drains/lib/lambda/ingest"
)

const requestID = "JKJaXmPLvHcESHA="

// backend stands in for everything behind the API. It records its calls, and returns what its fields say.
type backend struct {
	calls []any

	drain    drain.Drain
	created  bool
	page     []drain.Drain
	next     string
	password string
	status   int
	err      error // of every call but Ingest and Password
	noKey    error // of Password
	reason   error // of Ingest

	refused []string // app and status
}

type (
	putCall  struct{ App, Settings string }
	getCall  struct{ App string }
	listCall struct {
		Next    string
		Include []drain.Detail
	}
	deleteCall struct {
		App string
		drain.DeleteOptions
	}
)

func (b *backend) Put(_ context.Context, app string, given drain.Patch) (drain.Drain, bool, error) {
	settings, err := json.Marshal(given)
	b.calls = append(b.calls, putCall{app, string(settings)})
	return b.drain, b.created, errors.Join(b.err, err)
}

func (b *backend) Get(_ context.Context, app string) (drain.Drain, error) {
	b.calls = append(b.calls, getCall{app})
	return b.drain, b.err
}

func (b *backend) List(_ context.Context, next string, include ...drain.Detail) ([]drain.Drain, string, error) {
	b.calls = append(b.calls, listCall{next, include})
	return b.page, b.next, b.err
}

func (b *backend) Delete(_ context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error) {
	b.calls = append(b.calls, deleteCall{app, opts})
	return b.drain, b.err
}

func (b *backend) Ingest(_ context.Context, r ingest.Request) (int, error) {
	b.calls = append(b.calls, r)
	return b.status, b.reason
}

func (b *backend) Refused(_ context.Context, app string, status int) {
	if status != http.StatusOK {
		b.refused = append(b.refused, fmt.Sprintf("%s %d", app, status))
	}
}

func (b *backend) CheckQueues(context.Context) error { return b.err }

func (b *backend) Password(context.Context, string) (string, error) { return b.password, b.noKey }

// handle returns the answer to a request, and what was logged.
func handle(t *testing.T, b *backend, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, string) {
	t.Helper()
	var logged bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&logged, nil))
	event, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := httpapi.New(b, b, b, b, log).Invoke(t.Context(), event)
	if err != nil {
		t.Fatalf("Invoke failed: %v", err)
	}
	var got events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	return got, logged.String()
}

// request returns a request in the form that the gateway passes on.
func request(route, app string, query map[string]string) events.APIGatewayV2HTTPRequest {
	r := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              route,
		Headers:               map[string]string{"x-forwarded-proto": "https"},
		QueryStringParameters: query,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			DomainName: "a1b2c3.execute-api.eu-west-1.amazonaws.com", Stage: "$default", RequestID: requestID,
		},
	}
	if app != "" {
		r.PathParameters = map[string]string{"app": app}
	}
	return r
}

// defaults are the settings in the JSON of an answer.
const defaults = `"settings":{"format":"text","ansi":"keep","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`

func TestRoutes(t *testing.T) {
	created := &backend{drain: drain.Drain{App: "shop", State: drain.Creating, Settings: drain.DefaultSettings()}, created: true, password: "s3cret-_"}
	tests := []struct {
		name    string
		backend *backend
		request events.APIGatewayV2HTTPRequest
		status  int
		body    string
		calls   []any
	}{
		{
			"list", &backend{page: []drain.Drain{{App: "api", State: drain.Active, Settings: drain.DefaultSettings()}}, next: "YXBp"}, request("GET /drains", "", nil),
			200, `{"data":[{"app":"api","state":"active",` + defaults + `,"log_group":""}],"next":"YXBp"}`, []any{listCall{"", []drain.Detail{drain.IncludeCounts}}},
		},
		{
			"list, last page, empty", &backend{}, request("GET /drains", "", map[string]string{"next": "YXBp"}),
			200, `{"data":[]}`, []any{listCall{"YXBp", []drain.Detail{drain.IncludeCounts}}},
		},
		{
			"list with everything", &backend{}, request("GET /drains", "", map[string]string{"include": "settings,counts"}),
			200, `{"data":[]}`, []any{listCall{"", []drain.Detail{drain.IncludeSettings, drain.IncludeCounts}}},
		},
		{
			"list of names", &backend{}, request("GET /drains", "", map[string]string{"include": ""}),
			200, `{"data":[]}`, []any{listCall{}},
		},
		{
			"get", &backend{drain: drain.Drain{App: "shop", State: drain.Partial, Settings: drain.DefaultSettings(), LogGroup: "/heroku/apps"}}, request("GET /drains/{app}", "shop", nil),
			200, `{"data":{"app":"shop","state":"partial",` + defaults + `,"log_group":"/heroku/apps"}}`, []any{getCall{"shop"}},
		},
		{
			"put, new", created, request("PUT /drains/{app}", "shop", nil),
			201, `{"data":{"app":"shop","state":"creating",` + defaults + `,"log_group":"",` +
				`"drain_url":"https://shop:s3cret-_@a1b2c3.execute-api.eu-west-1.amazonaws.com/drains/shop"}}`, []any{putCall{"shop", "{}"}},
		},
		{
			"delete", &backend{drain: drain.Drain{App: "shop", State: drain.Deleting, Settings: drain.DefaultSettings()}}, request("DELETE /drains/{app}", "shop", nil),
			200, `{"data":{"app":"shop","state":"deleting",` + defaults + `,"log_group":""}}`, []any{deleteCall{"shop", drain.DeleteOptions{}}},
		},
		{
			"delete, keep logs", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"logs": "keep"}),
			200, `{"data":{"app":"","state":"","log_group":""}}`, []any{deleteCall{"shop", drain.DeleteOptions{KeepLogs: true}}},
		},
		{
			"delete only a certain drain", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"event_source": "14e0db71"}),
			200, `{"data":{"app":"","state":"","log_group":""}}`, []any{deleteCall{"shop", drain.DeleteOptions{EventSource: "14e0db71"}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := handle(t, test.backend, test.request)
			want := events.APIGatewayV2HTTPResponse{
				StatusCode: test.status, Headers: map[string]string{"content-type": "application/json"}, Body: test.body,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.calls, test.backend.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPutReadsTheBodyEitherWay(t *testing.T) {
	const settings = `{"format":"json","batch_size":5}`
	for _, isBase64 := range []bool{false, true} {
		b, r := &backend{}, request("PUT /drains/{app}", "shop", nil)
		r.Body, r.IsBase64Encoded = settings, isBase64
		if isBase64 {
			r.Body = base64.StdEncoding.EncodeToString([]byte(settings))
		}
		if got, _ := handle(t, b, r); got.StatusCode != http.StatusOK {
			t.Errorf("base64 %v: status %d, body %s", isBase64, got.StatusCode, got.Body)
		}
		if diff := cmp.Diff([]any{putCall{"shop", settings}}, b.calls); diff != "" {
			t.Errorf("base64 %v: calls (-want +got):\n%s", isBase64, diff)
		}
	}
}

func TestDrainURLHasTheRequestsDomain(t *testing.T) {
	tests := []struct{ name, proto, domain, stage, want string }{
		{"default stage", "https", "a1b2c3.execute-api.eu-west-1.amazonaws.com", "$default",
			"https://shop:pw@a1b2c3.execute-api.eu-west-1.amazonaws.com/drains/shop"},
		{"named stage", "https", "a1b2c3.execute-api.eu-west-1.amazonaws.com", "prod",
			"https://shop:pw@a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/drains/shop"},
		{"no header", "", "logs.example.com", "$default", "https://shop:pw@logs.example.com/drains/shop"},
		{"on this machine", "http", "127.0.0.1:8080", "$default", "http://shop:pw@127.0.0.1:8080/drains/shop"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request("PUT /drains/{app}", "shop", nil)
			r.Headers = map[string]string{"x-forwarded-proto": test.proto}
			r.RequestContext.DomainName, r.RequestContext.Stage = test.domain, test.stage
			got, logged := handle(t, &backend{password: "pw"}, r)
			var answer struct{ Data drain.Drain }
			if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
				t.Fatal(err)
			}
			if answer.Data.DrainURL != test.want {
				t.Errorf("drain_url = %s, want %s", answer.Data.DrainURL, test.want)
			}
			if strings.Contains(logged, "pw") {
				t.Errorf("the password was logged: %s", logged)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	withBody := request("PUT /drains/{app}", "shop", nil)
	withBody.Body = `{"color":"red"}`
	tests := []struct {
		name       string
		backend    *backend
		request    events.APIGatewayV2HTTPRequest
		status     int
		code       string
		message    string
		retryAfter string
	}{
		{"no such route", &backend{}, request("PATCH /drains/{app}", "shop", nil), 404, "NoSuchRoute", "PATCH", ""},
		{"bad name", &backend{}, request("GET /drains/{app}", "Shop", nil), 400, "InvalidAppName", `"Shop"`, ""},
		{"bad name in put", &backend{}, request("PUT /drains/{app}", "a", nil), 400, "InvalidAppName", "3 to 30", ""},
		{"bad name in delete", &backend{}, request("DELETE /drains/{app}", "..", nil), 400, "InvalidAppName", "", ""},
		{"no name", &backend{}, request("GET /drains/{app}", "", nil), 400, "InvalidAppName", "", ""},
		{"unknown setting", &backend{}, withBody, 400, "InvalidSettings", `"color"`, ""},
		{"query of get", &backend{}, request("GET /drains/{app}", "shop", map[string]string{"logs": "keep"}), 400, "InvalidQuery", `"logs"`, ""},
		{"query of put", &backend{}, request("PUT /drains/{app}", "shop", map[string]string{"format": "json"}), 400, "InvalidQuery", `"format"`, ""},
		{"query of list", &backend{}, request("GET /drains", "", map[string]string{"page": "2"}), 400, "InvalidQuery", "next", ""},
		{"unknown detail", &backend{}, request("GET /drains", "", map[string]string{"include": "counts,tags"}), 400, "InvalidQuery", `"tags"`, ""},
		{"misspelled logs", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"log": "keep"}), 400, "InvalidQuery", "logs", ""},
		{"logs", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"logs": "delete"}), 400, "InvalidQuery", `"delete"`, ""},
		{"empty logs", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"logs": ""}), 400, "InvalidQuery", "keep", ""},
		{"empty event source", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"event_source": ""}),
			400, "InvalidQuery", "event_source", ""},
		{"two logs", &backend{}, request("DELETE /drains/{app}", "shop", map[string]string{"logs": "keep,keep"}), 400, "InvalidQuery", "keep", ""},
		{
			"not found", &backend{err: &drain.Error{Code: drain.NotFound, Message: "shop has no drain"}}, request("GET /drains/{app}", "shop", nil),
			404, "NotFound", "shop has no drain", "",
		},
		{
			"bad next", &backend{err: &drain.Error{Code: drain.InvalidNext, Message: "invalid next"}}, request("GET /drains", "", nil),
			400, "InvalidNext", "invalid next", "",
		},
		{
			"busy", &backend{err: &drain.Error{Code: drain.DrainBusy, Message: "in transit", RetryAfter: 5 * time.Second}},
			request("DELETE /drains/{app}", "shop", nil), 409, "DrainBusy", "in transit", "5",
		},
		{
			"name still blocked", &backend{err: &drain.Error{Code: drain.QueueDeletedRecently, Message: "blocked", RetryAfter: time.Minute}},
			request("PUT /drains/{app}", "shop", nil), 409, "QueueDeletedRecently", "blocked", "60",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, logged := handle(t, test.backend, test.request)
			checkRefusal(t, got, test.status, test.code, test.message)
			if got.Headers["retry-after"] != test.retryAfter {
				t.Errorf("Retry-After = %q, want %q", got.Headers["retry-after"], test.retryAfter)
			}
			if logged != "" {
				t.Errorf("logged %s, which the caller knows already", logged)
			}
			if test.status == 400 && test.backend.err == nil && len(test.backend.calls) > 0 {
				t.Errorf("calls: %v", test.backend.calls)
			}
		})
	}
}

func checkRefusal(t *testing.T, got events.APIGatewayV2HTTPResponse, status int, code, message string) {
	t.Helper()
	var body struct {
		Error struct {
			Code      string `json:"code"`
			Message   string `json:"message"`
			RequestID string `json:"request_id"`
		} `json:"error"`
	}
	if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
		t.Fatalf("body %q: %v", got.Body, err)
	}
	if got.StatusCode != status || body.Error.Code != code || body.Error.RequestID != requestID {
		t.Errorf("answer = %d %s, want %d %s and the request's ID", got.StatusCode, got.Body, status, code)
	}
	if !strings.Contains(body.Error.Message, message) {
		t.Errorf("message = %q, want %q in it", body.Error.Message, message)
	}
}

func TestFailuresAreLoggedAndNotReturned(t *testing.T) {
	inner := errors.New("operation error SQS: CreateQueue, arn:aws:sqs:eu-west-1:123456789012:APP_shop, AccessDenied")
	tests := []struct {
		name    string
		backend *backend
		request events.APIGatewayV2HTTPRequest
		calls   int
	}{
		{"list", &backend{err: inner}, request("GET /drains", "", nil), 1},
		{"get", &backend{err: inner}, request("GET /drains/{app}", "shop", nil), 1},
		{"put", &backend{err: inner}, request("PUT /drains/{app}", "shop", nil), 1},
		{"delete", &backend{err: inner}, request("DELETE /drains/{app}", "shop", nil), 1},
		{"put without a key creates nothing", &backend{noKey: inner}, request("PUT /drains/{app}", "shop", nil), 0},
		{"an unknown code", &backend{err: &drain.Error{Code: "Odd", Message: inner.Error()}}, request("GET /drains/{app}", "shop", nil), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, logged := handle(t, test.backend, test.request)
			checkRefusal(t, got, http.StatusInternalServerError, "InternalError", "try again")
			if strings.Contains(got.Body, "AccessDenied") {
				t.Errorf("the answer contains internals: %s", got.Body)
			}
			if !strings.Contains(logged, "AccessDenied") || !strings.Contains(logged, requestID) {
				t.Errorf("logged %s, want the cause and the request's ID", logged)
			}
			if len(test.backend.calls) != test.calls {
				t.Errorf("calls: %v", test.backend.calls)
			}
		})
	}
}
