package ingest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/ingest"
)

var (
	key     = []byte("a signing key of thirty-two bytes")
	errDown = errors.New("down")
)

// queue keeps the messages that it gets, and how long it could have retried.
type queue struct {
	err      error
	messages []string
	timeLeft time.Duration
}

func (q *queue) Send(ctx context.Context, app string, messages []string) error {
	deadline, _ := ctx.Deadline()
	q.timeLeft = time.Until(deadline)
	if q.err == nil {
		q.messages = append(q.messages, messages...)
	}
	return q.err
}

func verifier(err error) *credential.Verifier {
	fetch := func(context.Context) (credential.Keys, error) { return credential.Keys{Current: key}, err }
	return credential.NewVerifier(fetch, time.Now)
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

const lines = "83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - State changed from starting to up\n"

// post returns a valid request for the drain for shop.
func post() ingest.Request {
	return ingest.Request{
		App:           "shop",
		Authorization: basic("shop", credential.Password(key, "shop")),
		MsgCount:      "1",
		FrameID:       "09C557EAFCFB6CF2740EE62F62971098",
		DrainToken:    "d.fc6b856b-3332-4546-93de-7d0ee272c3bd",
		RequestID:     "JKJaXmPLvHcESHA=",
		ReceivedAt:    time.Now(),
		Body:          base64.StdEncoding.EncodeToString([]byte(lines)),
		IsBase64:      true,
	}
}

func TestIngest(t *testing.T) {
	q := &queue{}
	r := post()
	r.ReceivedAt = time.Date(2026, 11, 1, 12, 0, 0, 123e6, time.UTC)
	status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r)
	if status != http.StatusOK || err != nil {
		t.Fatalf("Ingest = %d, %v; want 200", status, err)
	}
	if len(q.messages) != 1 {
		t.Fatalf("%d messages were sent, want 1", len(q.messages))
	}
	got, err := envelope.Open(q.messages[0])
	if err != nil {
		t.Fatal(err)
	}
	want := envelope.Envelope{
		Header: envelope.Header{
			App: "shop", DrainToken: r.DrainToken, FrameID: r.FrameID, RequestID: r.RequestID, MsgCount: 1, ReceivedAt: r.ReceivedAt,
		},
		Part: 1, Parts: 1, Body: []byte(lines),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
}

func TestIngestAcceptsUnusualRequests(t *testing.T) {
	tests := []struct {
		name   string
		change func(*ingest.Request)
		count  int
		body   string
	}{
		{"no Logplex headers", func(r *ingest.Request) { r.MsgCount, r.FrameID, r.DrainToken = "", "", "" }, -1, lines},
		{"a wrong count", func(r *ingest.Request) { r.MsgCount = "99" }, 99, lines},
		{"a count that overflows", func(r *ingest.Request) { r.MsgCount = "9223372036854775807" }, 10_000_000, lines},
		{"not a number", func(r *ingest.Request) { r.MsgCount = "many" }, -1, lines},
		{"a negative count", func(r *ingest.Request) { r.MsgCount = "-7" }, -1, lines},
		{"a body that is not base64", func(r *ingest.Request) { r.Body, r.IsBase64 = "no frames\x00\x1b[31m", false }, 1, "no frames\x00\x1b[31m"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, r := &queue{}, post()
			test.change(&r)
			if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK || err != nil {
				t.Fatalf("Ingest = %d, %v; want 200", status, err)
			}
			got, err := envelope.Open(q.messages[0])
			if err != nil {
				t.Fatal(err)
			}
			if got.MsgCount != test.count || string(got.Body) != test.body {
				t.Errorf("count %d and body %q, want %d and %q", got.MsgCount, got.Body, test.count, test.body)
			}
		})
	}
}

func TestIngestRejectsWrongCredentials(t *testing.T) {
	password := credential.Password(key, "shop")
	tests := []struct{ name, authorization string }{
		{"nothing", ""},
		{"another scheme", "Bearer " + password},
		{"not base64", "Basic shop:" + password},
		{"no colon", "Basic " + base64.StdEncoding.EncodeToString([]byte("shop"))},
		{"no user", basic("", password)},
		{"another app", basic("shop-staging", credential.Password(key, "shop-staging"))},
		{"another app's password", basic("shop", credential.Password(key, "shop-staging"))},
		{"no password", basic("shop", "")},
		{"another case", basic("Shop", password)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, r := &queue{}, post()
			r.Authorization = test.authorization
			status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r)
			if status != http.StatusUnauthorized || err == nil {
				t.Errorf("Ingest = %d, %v; want 401 and the reason", status, err)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the reason contains the password: %q", err)
			}
			if len(q.messages) > 0 {
				t.Error("something was sent")
			}
		})
	}
}

func TestIngestWithoutBodySendsNothing(t *testing.T) {
	q, r := &queue{err: errDown}, post()
	r.Body = ""
	if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK || err != nil {
		t.Errorf("Ingest = %d, %v; want 200", status, err)
	}
	r.Authorization = basic("shop", "wrong")
	if status, _ := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusUnauthorized {
		t.Errorf("Ingest with a wrong password = %d, want 401", status)
	}
}

func TestIngestAnswers503ToWhatARetryCouldCure(t *testing.T) {
	tests := []struct {
		name   string
		keys   error
		queue  error
		change func(*ingest.Request)
		want   int
	}{
		{"no key", errDown, nil, nil, http.StatusServiceUnavailable},
		{"the queue fails", nil, errDown, nil, http.StatusServiceUnavailable},
		{"not base64", nil, nil, func(r *ingest.Request) { r.Body = "!" }, http.StatusServiceUnavailable},
		{"no queue", nil, ingest.ErrNoQueue, nil, http.StatusNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := post()
			if test.change != nil {
				test.change(&r)
			}
			status, err := ingest.New(verifier(test.keys), &queue{err: test.queue}).Ingest(t.Context(), r)
			if status != test.want || err == nil {
				t.Errorf("Ingest = %d, %v; want %d and the reason", status, err, test.want)
			}
		})
	}
}

// log-shuttle drops a batch after any status from 400 on, so its requests get more time. It sends no headers of Logplex's but the count.
func TestIngestTriesLongerWithoutLogplex(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*ingest.Request)
		age    time.Duration
		want   time.Duration
	}{
		"log-shuttle":               {func(r *ingest.Request) { r.FrameID, r.DrainToken = "", "" }, 0, 15 * time.Second},
		"log-shuttle, a cold start": {func(r *ingest.Request) { r.FrameID, r.DrainToken, r.MsgCount = "", "", "" }, 2 * time.Second, 13 * time.Second},
		"a frame id alone":          {func(r *ingest.Request) { r.DrainToken = "" }, 0, 4 * time.Second},
		"a drain token alone":       {func(r *ingest.Request) { r.FrameID = "" }, 0, 4 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			q, r := &queue{}, post()
			tt.change(&r)
			r.ReceivedAt = time.Now().Add(-tt.age)
			if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
				t.Fatalf("%s: Ingest = %d, %v", name, status, err)
			}
			if q.timeLeft != tt.want {
				t.Errorf("%s: the queue had %s, want %s", name, q.timeLeft, tt.want)
			}
		})
	}
}

// The copies that log-shuttle sends of a batch have one request id, by which the storage function recognizes them.
func TestIngestKeepsTheSendersRequestID(t *testing.T) {
	for _, tt := range []struct{ frameID, want string }{{"", "5f0c9d1e"}, {"FRAME", "FRAME"}} {
		q, r := &queue{}, post()
		r.FrameID, r.SenderRequestID = tt.frameID, "5f0c9d1e"
		if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
			t.Fatalf("Ingest = %d, %v", status, err)
		}
		if got, err := envelope.Open(q.messages[0]); err != nil || got.FrameID != tt.want {
			t.Errorf("frame id %q, %v; want %q", got.FrameID, err, tt.want)
		}
	}
}

func TestIngestHasFourSecondsFromArrival(t *testing.T) {
	tests := []struct {
		name string
		age  time.Duration
		want time.Duration
	}{
		{"just arrived", 0, 4 * time.Second},
		{"after a cold start", time.Second, 3 * time.Second},
		{"late", 3900 * time.Millisecond, 500 * time.Millisecond},
		{"the gateway's clock is behind", time.Hour, 500 * time.Millisecond},
		{"the gateway's clock is ahead", -time.Hour, 4 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q, r := &queue{}, post()
				r.ReceivedAt = time.Now().Add(-test.age)
				if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
					t.Fatalf("Ingest = %d, %v", status, err)
				}
				if q.timeLeft != test.want {
					t.Errorf("the queue had %s, want %s", q.timeLeft, test.want)
				}
			})
		})
	}
}
