package cwlogs_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/cwlogs"
)

// The tests that use the SDK are in package awslocal. The tests here send what no SDK would send, or are faster without one.

// logs is a Service and its clock.
type logs struct {
	*cwlogs.Service
	*clock.Clock
}

type object = map[string]any

func newLogs() logs {
	c := clock.New()
	service, err := cwlogs.New(cwlogs.Config{Clock: c, Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"}})
	if err != nil {
		panic(err) // only a journal can fail, and there is none
	}
	return logs{Service: service, Clock: c}
}

// newStreams returns a Service with the log group g and its streams.
func newStreams(t testing.TB, names ...string) logs {
	t.Helper()
	l := newLogs()
	l.must(t, "CreateLogGroup", object{"logGroupName": "g"}, nil)
	for _, name := range names {
		l.must(t, "CreateLogStream", object{"logGroupName": "g", "logStreamName": name}, nil)
	}
	return l
}

// answer is the type and the message of an error. Both are empty if there was no error.
type answer struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// raw makes a call with the given body and returns the body of the response.
func (l logs) raw(operation, body string) []byte {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "Logs_20140328."+operation)
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// call makes a call and decodes the response into out, unless out is nil.
func (l logs) call(t testing.TB, operation string, in, out any) answer {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	text := l.raw(operation, string(body))
	var refused answer
	if err := json.Unmarshal(text, &refused); err != nil {
		t.Fatalf("%s: %v in %s", operation, err, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatalf("%s: %v in %s", operation, err, text)
		}
	}
	return refused
}

func (l logs) must(t testing.TB, operation string, in, out any) {
	t.Helper()
	if refused := l.call(t, operation, in, out); refused.Type != "" {
		t.Fatalf("%s: %s", operation, refused)
	}
}

func (a answer) String() string { return a.Type + ": " + a.Message }

// event is an event for PutLogEvents.
type event struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
}

// events returns events with the given messages, one millisecond apart, starting at a time.
func events(from time.Time, messages ...string) []event {
	list := make([]event, len(messages))
	for i, message := range messages {
		list[i] = event{Timestamp: from.UnixMilli() + int64(i), Message: message}
	}
	return list
}

func (l logs) put(t testing.TB, stream string, list []event) {
	t.Helper()
	l.must(t, "PutLogEvents", object{"logGroupName": "g", "logStreamName": stream, "logEvents": list}, nil)
}

// filter reads all pages of FilterLogEvents and counts them.
func (l logs) filter(t testing.TB, in object) (messages []string, pages int) {
	t.Helper()
	in["logGroupName"] = "g"
	for {
		var out struct {
			Events    []event
			NextToken string
		}
		l.must(t, "FilterLogEvents", in, &out)
		pages++
		for _, e := range out.Events {
			messages = append(messages, e.Message)
		}
		if out.NextToken == "" {
			return messages, pages
		}
		in["nextToken"] = out.NextToken
	}
}

func TestUnknownCallsRejected(t *testing.T) {
	l := newStreams(t, "s")
	for operation, want := range map[string]string{
		"PutMetricFilter": "UnknownOperationException",
		"":                "UnknownOperationException",
	} {
		if got := l.call(t, operation, object{}, nil); got.Type != want {
			t.Errorf("%q: %s, want %s", operation, got, want)
		}
	}
	got := l.call(t, "CreateLogGroup", object{"logGroupName": "k", "kmsKeyId": "key"}, nil)
	if got.Type != "SerializationException" || !strings.Contains(got.Message, "kmsKeyId") {
		t.Errorf("an unknown member: %s", got)
	}
}

func TestMessagesAreUTF8(t *testing.T) {
	l := newStreams(t, "s")
	put := func(message string) string {
		const body = `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":%d,"message":"%s"}]}`
		return string(l.raw("PutLogEvents", fmt.Sprintf(body, l.Now().UnixMilli(), message)))
	}
	// SDKs send invalid UTF-8 as the replacement character, which has three bytes, or as half a surrogate pair, which is decoded to it.
	put(`a\ufffd\ud800z`)
	if got, _ := l.filter(t, object{}); len(got) != 1 || got[0] != "a\uFFFD\uFFFDz" {
		t.Errorf("stored %q", got)
	}
	filler := strings.Repeat("x", 1_048_576-26-3)
	put(`\ud800` + filler)
	if got, _ := l.filter(t, object{}); len(got) != 2 {
		t.Error("a message of exactly the maximum size was rejected")
	}
	if got := put(`\ud800` + filler + "x"); !strings.Contains(got, "Log event too large: 1048577 bytes exceeds limit of 1048576") {
		t.Errorf("one byte more: %s", got)
	}
}
