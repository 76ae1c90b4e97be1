package drainsfunction_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/credential"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/httpapi"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// system is the drains function behind its gateway, and a storage function that keeps what it gets.
type system struct {
	*apiclient.Client
	handler *httpapi.Handler // the drains function itself
	server  *awslocal.Server
	logged  *bytes.Buffer
	metrics *bytes.Buffer
	stored  chan envelope.Envelope
}

func newSystem(t *testing.T) *system {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	s := &system{server: server, logged: new(bytes.Buffer), metrics: new(bytes.Buffer), stored: make(chan envelope.Envelope, 100)}
	_, err := cloudwatchlogs.NewFromConfig(server.Config()).CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/heroku/apps"),
	})
	localtest.Must(t, err)
	_, err = sqs.NewFromConfig(server.Config()).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("heroku-drains-dead-letters")})
	localtest.Must(t, err)
	_, err = s.secrets().CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{
		Name: aws.String("heroku-drains/signing-key"), SecretString: aws.String("the first signing key, 32 bytes!"),
	})
	localtest.Must(t, err)

	environment := stack.DefaultDrainsEnvironment()
	environment.StorageFunction, environment.SigningKey = "heroku-drains-storage", "heroku-drains/signing-key"
	environment.DeadLetterQueueARN = "arn:aws:sqs:us-east-1:000000000000:heroku-drains-dead-letters"
	log := slog.New(slog.NewJSONHandler(s.logged, nil))
	s.handler, err = drainsfunction.New(environment, server.Config(), log, drainsfunction.Options{
		Now: server.Now, Metrics: metrics.NewWriter(s.metrics, "heroku-drains"),
	})
	localtest.Must(t, err)
	_, err = server.AddFunction(awslocal.Function{
		Name: "heroku-drains", Timeout: 30 * time.Second, Handler: local.InProcess(s.handler.Handle),
	})
	localtest.Must(t, err)
	_, err = server.AddFunction(awslocal.Function{
		Name: "heroku-drains-storage", Timeout: time.Minute, Handler: local.InProcess(s.store),
	})
	localtest.Must(t, err)
	routes := slices.DeleteFunc(stack.Routes(), func(r stack.Route) bool { return r.Function != stack.DrainsSource })
	localtest.Must(t, server.SetRoutes(local.Routes(routes)))
	s.Client = clienttest.API(t, server)
	return s
}

func (s *system) secrets() *secretsmanager.Client {
	return secretsmanager.NewFromConfig(s.server.Config())
}

func (s *system) store(_ context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	for _, record := range e.Records {
		opened, err := envelope.Open(record.Body)
		if err != nil {
			return events.SQSEventResponse{}, err
		}
		s.stored <- opened
	}
	return events.SQSEventResponse{}, nil
}

// next returns what the storage function gets next.
func (s *system) next(t *testing.T) envelope.Envelope {
	t.Helper()
	select {
	case e := <-s.stored:
		return e
	case <-time.After(2 * time.Minute):
		t.Fatal("the storage function got nothing")
		panic("unreachable")
	}
}

// post sends a body as Logplex does, and returns the status of an answer that must be empty.
func post(t *testing.T, drainURL, body string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, drainURL, strings.NewReader(body))
	localtest.Must(t, err)
	r.Header.Set("Content-Type", "application/logplex-1")
	r.Header.Set("Logplex-Frame-Id", "09C557EAFCFB6CF2740EE62F62971098")
	r.Header.Set("Logplex-Msg-Count", "2")
	r.Header.Set("Logplex-Drain-Token", "d.fc6b856b-3332-4546-93de-7d0ee272c3bd")
	answer, err := http.DefaultClient.Do(r)
	localtest.Must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	localtest.Must(t, err)
	if len(text) > 0 || answer.ContentLength != 0 {
		t.Errorf("the answer has the body %q of length %d", text, answer.ContentLength)
	}
	return answer.StatusCode
}

var noon = time.Date(2026, 11, 1, 12, 0, 0, 123_456_000, time.UTC)

// body is two lines that contain what SQS would reject.
var body = string(logplex.AppendFrame(logplex.AppendFrame(nil,
	logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: noon, Source: []byte("app"), Process: []byte("web.1"),
		Message: []byte("\x1b[31mred\x1b[0m \x00\xff"), Newline: true,
	})),
	logplex.AppendLine(nil, logplex.Overflow(noon.Add(time.Second), 1, noon))))

func TestADrainsLife(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, created, err := s.Put(t.Context(), "shop", drain.Patch{Format: new("json")})
	localtest.Must(t, err)
	if !created || d.State != drain.Creating || d.Settings.Format != "json" {
		t.Errorf("Put = %s, format %s, created %v", d.State, d.Settings.Format, created)
	}
	if status := post(t, d.DrainURL, body); status != http.StatusOK {
		t.Fatalf("POST = %d, want 200", status)
	}
	got := s.next(t)
	want := envelope.Envelope{
		Header: envelope.Header{
			App: "shop", DrainToken: "d.fc6b856b-3332-4546-93de-7d0ee272c3bd", FrameID: "09C557EAFCFB6CF2740EE62F62971098",
			RequestID: got.RequestID, MsgCount: 2, ReceivedAt: got.ReceivedAt,
		},
		Part: 1, Parts: 1, Body: []byte(body),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if got.RequestID == "" || got.ReceivedAt.IsZero() {
		t.Errorf("request %q at %s", got.RequestID, got.ReceivedAt)
	}

	found, err := s.Get(t.Context(), "shop")
	localtest.Must(t, err)
	if found.State != drain.Active || found.DrainURL != "" {
		t.Errorf("Get = %s with the URL %q", found.State, found.DrainURL)
	}
	all, err := s.List(t.Context())
	localtest.Must(t, err)
	if len(all) != 1 || all[0].App != "shop" || all[0].DrainURL != "" {
		t.Errorf("List = %v", all)
	}
	if _, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if status := post(t, d.DrainURL, body); status != http.StatusNotFound {
		t.Errorf("POST after Delete = %d, want 404", status)
	}
	_, err = s.Get(t.Context(), "shop")
	if refusal, ok := errors.AsType[*apiclient.Error](err); !ok || refusal.Status != http.StatusNotFound || refusal.Code != drain.NotFound {
		t.Errorf("Get after Delete = %v", err)
	}
	_, _, err = s.Put(t.Context(), "shop", drain.Patch{})
	if refusal, ok := errors.AsType[*apiclient.Error](err); !ok || refusal.Status != http.StatusConflict || refusal.RetryAfter != time.Minute {
		t.Errorf("Put after Delete = %v, want 409 and Retry-After: 60", err)
	}
	if secret := password(t, d.DrainURL); strings.Contains(s.logged.String(), secret) {
		t.Error("the password was logged")
	}
}

func password(t *testing.T, drainURL string) string {
	t.Helper()
	u, err := url.Parse(drainURL)
	localtest.Must(t, err)
	secret, _ := u.User.Password()
	return secret
}

func TestALargeBodyArrivesWhole(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	large := strings.Repeat(body, 2*envelope.MaxPart/len(body))
	if status := post(t, d.DrainURL, large); status != http.StatusOK {
		t.Fatalf("POST = %d, want 200", status)
	}
	parts := map[int]string{}
	for first := s.next(t); ; first = s.next(t) {
		parts[first.Part] = string(first.Body)
		if len(parts) == first.Parts {
			break
		}
	}
	var got strings.Builder
	for i := range len(parts) {
		got.WriteString(parts[i+1])
	}
	if got.String() != large || len(parts) < 2 {
		t.Errorf("%d bytes came in %d parts, want the %d that were sent", got.Len(), len(parts), len(large))
	}
}

func TestRotationLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rotate := func(key string) (drainURL string) {
		t.Helper()
		_, err := s.secrets().PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
			SecretId: aws.String("heroku-drains/signing-key"), SecretString: &key,
		})
		localtest.Must(t, err)
		d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
		localtest.Must(t, err)
		return d.DrainURL
	}
	first, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	second := rotate("the second signing key, 32 bytes")
	if second == first.DrainURL {
		t.Fatal("the URL is the same after a rotation")
	}
	for _, drainURL := range []string{second, first.DrainURL} {
		if status := post(t, drainURL, body); status != http.StatusOK {
			t.Errorf("POST = %d, want 200", status)
		}
	}
	third := rotate("the third signing key, 32 bytes!")
	for _, drainURL := range []string{third, second} {
		if status := post(t, drainURL, body); status != http.StatusOK {
			t.Errorf("POST = %d, want 200", status)
		}
	}
	s.server.Advance(credential.Grace)
	for drainURL, want := range map[string]int{third: http.StatusOK, second: http.StatusOK, first.DrainURL: http.StatusUnauthorized} {
		if status := post(t, drainURL, body); status != want {
			t.Errorf("POST = %d, want %d", status, want)
		}
	}
}

func TestPostsWithWrongCredentials(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	staging := strings.ReplaceAll(d.DrainURL, "shop", "shop-staging")
	none := strings.Replace(d.DrainURL, "shop:"+password(t, d.DrainURL)+"@", "", 1)
	tests := []struct {
		name, url string
		want      int
	}{
		{"another app", staging, http.StatusUnauthorized},
		{"no credential", none, http.StatusUnauthorized},
		{"a wrong password", strings.Replace(d.DrainURL, "@", "x@", 1), http.StatusUnauthorized},
		{"not an app's name", strings.ReplaceAll(d.DrainURL, "shop", "Shop"), http.StatusBadRequest},
		{"a query, as Heroku keeps it", d.DrainURL + "?team=carts", http.StatusOK},
	}
	for _, test := range tests {
		if status := post(t, test.url, body); status != test.want {
			t.Errorf("%s: POST = %d, want %d", test.name, status, test.want)
		}
	}
	if s.next(t); len(s.stored) > 0 {
		t.Error("more than the valid POST was stored")
	}
}

func TestAnOutageOfSQS(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	s.server.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Times: 4, Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})
	if status := post(t, d.DrainURL, body); status != http.StatusOK {
		t.Errorf("POST in a short outage = %d, want 200", status)
	}
	s.next(t)

	s.server.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})
	s.logged.Reset()
	const age = 3 * time.Second // of 4, so one is left
	began := time.Now()
	answer, err := s.handler.Handle(t.Context(), events.APIGatewayV2HTTPRequest{
		RouteKey:       "POST /drains/{app}",
		PathParameters: map[string]string{"app": "shop"},
		Headers: map[string]string{
			"authorization":    "Basic " + base64.StdEncoding.EncodeToString([]byte("shop:"+password(t, d.DrainURL))),
			"logplex-frame-id": "1", // Logplex, which waits 5 s
		},
		RequestContext: events.APIGatewayV2HTTPRequestContext{TimeEpoch: began.Add(-age).UnixMilli()},
		Body:           body,
	})
	localtest.Must(t, err)
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Body != "" {
		t.Errorf("POST in a long outage = %d %q, want 503 and no body", answer.StatusCode, answer.Body)
	}
	if waited := time.Since(began); waited < 990*time.Millisecond { // timeEpoch is in whole milliseconds
		t.Errorf("POST gave up after %s; a slow 503 outlives what a fast one does not", waited)
	}
	var line struct{ Level, App, Error string }
	localtest.Must(t, json.Unmarshal(s.logged.Bytes(), &line))
	if line.Level != "ERROR" || line.App != "shop" || !strings.Contains(line.Error, "ServiceUnavailable") {
		t.Errorf("logged %s", s.logged)
	}
}

// A POST to a warm instance makes one call.
func TestCallsOfAPost(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	body := logplextest.Frame("<190>1 2026-11-20T12:00:00+00:00 host app web.1 - hello\n")
	post(t, d.DrainURL, body)
	s.next(t)
	var calls localtest.Buffer
	s.server.OnCall(func(c awslocal.Call) {
		if c.Service != "execute-api" {
			fmt.Fprintln(&calls, c.Operation)
		}
	})
	post(t, d.DrainURL, body)
	s.next(t)
	if got := calls.String(); !strings.HasPrefix(got, "SendMessage\n") || strings.Contains(got, "GetSecretValue") || strings.Contains(got, "GetQueueUrl") {
		t.Errorf("calls:\n%s", got)
	}
}
