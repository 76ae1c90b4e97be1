package httpapi_test

import (
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
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/httpapi"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// post returns a POST of Logplex in the form that the gateway passes on.
func post(app, password, body string) events.APIGatewayV2HTTPRequest {
	r := request("POST /drains/{app}", app, map[string]string{"any": "query"})
	r.Headers = map[string]string{
		"authorization":       "Basic " + base64.StdEncoding.EncodeToString([]byte(app+":"+password)),
		"content-type":        "application/logplex-1",
		"logplex-msg-count":   "1",
		"logplex-frame-id":    "09C557EAFCFB6CF2740EE62F62971098",
		"logplex-drain-token": "d.fc6b856b-3332-4546-93de-7d0ee272c3bd",
		"user-agent":          "Logplex/v73",
	}
	r.RequestContext.TimeEpoch = time.Date(2026, 11, 1, 12, 0, 0, 123e6, time.UTC).UnixMilli()
	r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
	return r
}

func TestPostPassesEverythingOn(t *testing.T) {
	b := &backend{status: http.StatusOK}
	r := post("shop", "pw", "body")
	r.Headers["content-encoding"], r.Headers["x-request-id"] = "gzip", "5f0c9d1e"
	got, logged := handle(t, b, r)
	if diff := cmp.Diff(events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if logged != "" {
		t.Errorf("logged %s, but a successful POST must not be logged", logged)
	}
	want := []any{ingest.Request{
		App:             "shop",
		Authorization:   r.Headers["authorization"],
		ContentEncoding: "gzip",
		MsgCount:        "1",
		FrameID:         "09C557EAFCFB6CF2740EE62F62971098",
		DrainToken:      "d.fc6b856b-3332-4546-93de-7d0ee272c3bd",
		SenderRequestID: "5f0c9d1e",
		RequestID:       requestID,
		ReceivedAt:      time.Date(2026, 11, 1, 12, 0, 0, 123e6, time.UTC),
		Body:            r.Body,
		IsBase64:        true,
	}}
	if diff := cmp.Diff(want, b.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestPostAnswersWithoutBody(t *testing.T) {
	tests := []struct {
		name, app string
		status    int
		level     string
	}{
		{"wrong credential", "shop", http.StatusUnauthorized, "WARN"},
		{"no drain", "shop", http.StatusNotFound, "WARN"},
		{"an outage", "shop", http.StatusServiceUnavailable, "ERROR"},
		{"guesses of passwords", "shop", http.StatusTooManyRequests, "WARN"},
		{"not an app's name", "Shop", http.StatusBadRequest, "WARN"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := &backend{status: test.status, reason: errors.New("the reason")}
			r := post(test.app, "pw-of-shop", "a line of shop")
			got, logged := handle(t, b, r)
			if got.StatusCode != test.status || got.Body != "" {
				t.Errorf("answer = %d %q, want %d and no body", got.StatusCode, got.Body, test.status)
			}
			if strings.Count(logged, "\n") != 1 || !strings.Contains(logged, `"level":"`+test.level+`"`) {
				t.Errorf("logged %q, want one line, %s", logged, test.level)
			}
			if want := test.status != http.StatusBadRequest; strings.Contains(logged, `"app":"shop","status":`) != want || strings.Contains(logged, `"lines":1`) != want {
				t.Errorf("logged %q, want the app and the number of lines: %t", logged, want)
			}
			retried := test.status == http.StatusServiceUnavailable || test.status == http.StatusTooManyRequests
			if want := map[bool]string{true: ledger.PostFailed, false: ledger.PostRejected}[retried]; !strings.Contains(logged, `"msg":"`+want+`"`) {
				t.Errorf("logged %q, want the message %s", logged, want)
			}
			for _, secret := range []string{"pw-of-shop", r.Headers["authorization"], "a line of shop", r.Body} {
				if strings.Contains(logged, secret) {
					t.Errorf("logged %q, with %q in it", logged, secret)
				}
			}
			if test.status == http.StatusBadRequest && len(b.calls) > 0 {
				t.Errorf("calls: %v", b.calls)
			}
			if want := test.status != http.StatusBadRequest; (len(b.refused) == 1) != want {
				t.Errorf("passed on to the watcher: %v", b.refused)
			}
		})
	}
}

// Invoke must do what aws-lambda-go does with Handle, whatever the event.
func TestInvokeDoesWhatHandleDoes(t *testing.T) {
	good, err := json.Marshal(post("shop", "pw", "body"))
	if err != nil {
		t.Fatal(err)
	}
	for name, event := range map[string]string{
		"a POST": string(good), "a name in upper case": strings.Replace(string(good), `"pathParameters"`, `"PATHPARAMETERS"`, 1),
		"another route": `{"routeKey":"` + stack.RouteList + `"}`, "no route": `{}`, "no JSON": `{"routeKey":`, "a wrong type": `{"routeKey":1}`,
		"a wrong app": strings.Replace(string(good), `"app":"shop"`, `"app":"<Shop>"`, 1), "the schedule": `{"routeKey":"` + stack.RouteCheckQueues + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var answers, errs [2]string
			var calls [2][]any
			for i := range 2 {
				b := &backend{status: http.StatusUnauthorized, reason: errors.New("why"), err: errors.New("no metrics")}
				h := httpapi.New(b, b, b, b, slog.New(slog.DiscardHandler))
				invoke := h.Invoke
				if i == 0 {
					invoke = lambda.NewHandler(h.Handle).Invoke
				}
				answer, err := invoke(t.Context(), []byte(event))
				answers[i], errs[i], calls[i] = string(answer), fmt.Sprint(err), b.calls
			}
			if answers[0] != answers[1] || errs[0] != errs[1] {
				t.Errorf("Handle: %s, %s; Invoke: %s, %s", answers[0], errs[0], answers[1], errs[1])
			}
			if diff := cmp.Diff(calls[0], calls[1]); diff != "" {
				t.Errorf("calls (-Handle +Invoke):\n%s", diff)
			}
		})
	}
}

// The stack's schedule calls the function with the key of a route that the API does not have. Lambda tries again if that fails.
func TestScheduledCheck(t *testing.T) {
	for _, want := range []error{nil, errors.New("no metrics")} {
		b := &backend{err: want}
		h := httpapi.New(b, b, b, b, slog.New(slog.DiscardHandler))
		if _, err := h.Handle(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: stack.RouteCheckQueues}); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	for _, route := range stack.Routes() {
		if route.Key == stack.RouteCheckQueues {
			t.Error("the check is a route of the API")
		}
	}
}

// nowhere is an SQS that accepts and drops everything.
type nowhere struct{}

func (nowhere) QueueURL(arn.ARN) string {
	return "https://sqs.eu-west-1.amazonaws.com/123456789012/APP_shop"
}

func (nowhere) SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return &sqs.SendMessageOutput{}, nil
}

// The benchmark measures what a POST of 10 KB costs the function itself, without AWS and the JSON of the gateway. Lambda bills by the
// millisecond.
func BenchmarkPost10KB(b *testing.B) {
	key := []byte("a signing key of thirty-two bytes")
	verifier := credential.NewVerifier(func(context.Context) (credential.Keys, error) { return credential.Keys{Current: key}, nil }, time.Now)
	sender := ingest.NewSender(nowhere{}, func(app string) arn.ARN { return arn.ARN{Resource: "APP_" + app} })
	h := httpapi.New(&backend{}, ingest.New(verifier, sender), verifier, &backend{}, slog.New(slog.DiscardHandler))
	line := logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: time.Date(2026, 11, 1, 12, 0, 0, 123_456_000, time.UTC), Source: []byte("app"), Process: []byte("web.1"),
		Message: []byte(strings.Repeat("GET /carts/42 ", 10)), Newline: true,
	})
	var body []byte
	for len(body) < 10_000 {
		body = logplex.AppendFrame(body, line)
	}
	r := post("shop", credential.Password(key, "shop"), string(body))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := h.Handle(b.Context(), r); err != nil || got.StatusCode != http.StatusOK {
			b.Fatal(got, err)
		}
	}
}
