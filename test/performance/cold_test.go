package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

// Calls that run at the same time are one step: the function waits for them once.
func TestSteps(t *testing.T) {
	t.Parallel()
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	call := func(caller, operation string, begin, end int) timedCall {
		return timedCall{Call: awslocal.Call{AccessKeyID: caller, Operation: operation}, begin: at(begin), end: at(end)}
	}
	l := &callLog{calls: []timedCall{
		call("drains", "GetSecretValue", 0, 12), call("drains", "GetSecretValue", 1, 10), call("storage", "PutLogEvents", 2, 30),
		call("drains", "SendMessage", 11, 20), call("drains", "GetSecretValue", 25, 35),
	}}
	steps := l.steps("drains", at(21))
	if diff := cmp.Diff([][]string{{"GetSecretValue", "GetSecretValue"}, {"SendMessage"}}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if got, want := inARow(steps), "2: 2 × GetSecretValue, SendMessage"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	const before = `{"CreatedDate":1.7e9,"SecretString":"key","VersionId":"1"}`
	r := &http.Response{Header: http.Header{}, Body: io.NopCloser(strings.NewReader(before))}
	if err := age(r); err != nil {
		t.Fatal(err)
	}
	after, err := io.ReadAll(r.Body)
	if err != nil || int64(len(after)) != r.ContentLength || !strings.HasSuffix(string(after), `,"SecretString":"key","VersionId":"1"}`) || strings.Contains(string(after), "1.7e9") {
		t.Errorf("%s, error %v, length %d", after, err, r.ContentLength)
	}
}
