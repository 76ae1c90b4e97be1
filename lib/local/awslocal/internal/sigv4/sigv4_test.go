package sigv4_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"heroku-drains/lib/local/awslocal/internal/sigv4"
)

const body = `{"QueueName":"q"}`

// sign signs a request as SDK clients do.
func sign(t *testing.T, r *http.Request, secret string, at time.Time) {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	credentials := aws.Credentials{AccessKeyID: "key", SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, r, hex.EncodeToString(sum[:]), "sqs", "us-east-1", at); err != nil {
		t.Fatal(err)
	}
}

func TestVerify(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name   string
		target string              // default /
		secret string              // the client's; default secret
		at     time.Time           // default now
		before func(*http.Request) // changes the request before the client signs it
		after  func(*http.Request) // changes the signed request
		body   string              // the received body; default body
		want   error
	}{
		{name: "a valid signature"},
		{name: "a path with an ARN, escaped", target: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations"},
		{name: "a path with an ARN, not escaped", target: "/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations"},
		{name: "a path with spaces and slashes", target: "/a%20b%2Fc/~d"},
		{name: "a query in any order", target: "/?b=2&a=1%2F%20x&a=0&empty="},
		{name: "headers with spaces", before: func(r *http.Request) { r.Header.Set("X-Amz-Meta", "  two  words ") }},
		{name: "a session token", before: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "token") }},
		{name: "an additional unsigned header", after: func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") }},
		{name: "14 minutes old", at: now.Add(-14 * time.Minute)},
		{name: "16 minutes old", at: now.Add(-16 * time.Minute), want: sigv4.ErrExpired},
		{name: "16 minutes ahead", at: now.Add(16 * time.Minute), want: sigv4.ErrExpired},
		{name: "another secret", secret: "other", want: sigv4.ErrMismatch},
		{name: "another body", body: body + " ", want: sigv4.ErrMismatch},
		{name: "another method", after: func(r *http.Request) { r.Method = http.MethodPut }, want: sigv4.ErrMismatch},
		{name: "another path", after: func(r *http.Request) { r.URL.Path = "/other" }, want: sigv4.ErrMismatch},
		{name: "another query", after: func(r *http.Request) { r.URL.RawQuery = "a=1" }, want: sigv4.ErrMismatch},
		{name: "another host", after: func(r *http.Request) { r.Host = "other" }, want: sigv4.ErrMismatch},
		{name: "another signed header", after: func(r *http.Request) { r.Header.Set("X-Amz-Target", "AmazonSQS.DeleteQueue") }, want: sigv4.ErrMismatch},
		{name: "a wrong body hash", before: func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", strings.Repeat("0", 64)) }, want: sigv4.ErrMismatch},
		{name: "an unknown key", after: authorization("key/", "other/"), want: sigv4.ErrUnknownKey},
		{name: "another service", after: authorization("/sqs/", "/logs/"), want: sigv4.ErrMismatch},
		{name: "another date", after: authorization(now.UTC().Format("20060102"), "20200101"), want: sigv4.ErrIncomplete},
		{name: "the host unsigned", after: authorization("host;", ""), want: sigv4.ErrIncomplete},
		{name: "the date unsigned", after: authorization("x-amz-date;", ""), want: sigv4.ErrIncomplete},
		{name: "no signature", after: authorization("Signature=", "Other="), want: sigv4.ErrIncomplete},
		{name: "a scope too short", after: authorization("/aws4_request", ""), want: sigv4.ErrIncomplete},
		{name: "Basic credentials", after: func(r *http.Request) { r.SetBasicAuth("user", "password") }, want: sigv4.ErrIncomplete},
		{name: "no Authorization header", after: func(r *http.Request) { r.Header.Del("Authorization") }, want: sigv4.ErrMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			target, secret, at, arrived := c.target, c.secret, c.at, c.body
			if target == "" {
				target = "/"
			}
			if secret == "" {
				secret = "secret"
			}
			if at.IsZero() {
				at = now
			}
			if arrived == "" {
				arrived = body
			}
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:4566"+target, strings.NewReader(body))
			r.Header.Set("X-Amz-Target", "AmazonSQS.CreateQueue")
			if c.before != nil {
				c.before(r)
			}
			sign(t, r, secret, at)
			if c.after != nil {
				c.after(r)
			}
			var v sigv4.Verifier
			v.Add("key", "secret")
			caller, err := v.Verify(r, []byte(arrived), 0)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if want := (sigv4.Caller{AccessKeyID: "key", Service: "sqs", Region: "us-east-1"}); err == nil && caller != want {
				t.Errorf("caller %+v", caller)
			}
		})
	}
}

func authorization(from, to string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	}
}

func TestSecret(t *testing.T) {
	var v sigv4.Verifier
	v.Add("known", "secret")
	if got := v.Secret("known"); got != "secret" {
		t.Errorf("got %q", got)
	}
	one, two := v.Secret("one"), v.Secret("two")
	if one == "" || one == two || v.Secret("one") != one {
		t.Errorf("secrets %q and %q, and then %q for the first key again", one, two, v.Secret("one"))
	}
}
