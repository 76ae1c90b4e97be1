package ingest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/ingest"
)

// Guesses get 401, and 429 when there are too many of them: never a 5xx, which would raise an alarm. They cause no more looks for a newer key
// than the limit.
func TestGuessesAreNotFailures(t *testing.T) {
	const guesses = 2000
	fetches := 0
	fetch := func(context.Context) (credential.Keys, error) {
		fetches++
		return credential.Keys{Current: key}, nil
	}
	now := time.Now()
	q := &queue{}
	ingester := ingest.New(credential.NewVerifier(fetch, func() time.Time { return now }), q)
	statuses := map[int]int{}
	for i := range guesses {
		r := post()
		r.Authorization = basic("shop", credential.Password(fmt.Append(nil, "guess ", i), "shop"))
		status, err := ingester.Ingest(t.Context(), r)
		if status == http.StatusTooManyRequests != errors.Is(err, credential.ErrTooManyLooks) || err == nil {
			t.Fatalf("Ingest = %d, %v", status, err)
		}
		statuses[status]++
	}
	if statuses[http.StatusUnauthorized]+statuses[http.StatusTooManyRequests] != guesses || statuses[http.StatusUnauthorized] == 0 || len(q.messages) > 0 {
		t.Errorf("statuses %v, %d messages", statuses, len(q.messages))
	}
	if fetches > 1+credential.MaxLooks {
		t.Errorf("%d guesses cause %d reads of the key", guesses, fetches)
	}
	if status, err := ingester.Ingest(t.Context(), post()); status != http.StatusOK {
		t.Errorf("the right password afterwards: %d, %v", status, err)
	}
}

// The headers of a request can have 10 KB, and are kept in memory and in queues: long identifiers are replaced by hashes of them.
func TestLongIdentifiers(t *testing.T) {
	long := strings.Repeat("F", 5000)
	open := func(frameID, token, requestID string) envelope.Header {
		t.Helper()
		q, r := &queue{}, post()
		r.FrameID, r.DrainToken, r.SenderRequestID = frameID, token, requestID
		if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
			t.Fatalf("Ingest = %d, %v", status, err)
		}
		got, err := envelope.Open(q.messages[0])
		if err != nil {
			t.Fatal(err)
		}
		return got.Header
	}
	one, again, other := open(long, long, ""), open(long, long, ""), open(long+"x", long+"x", "")
	if one.FrameID != again.FrameID || one.FrameID == other.FrameID || one.DrainToken == other.DrainToken {
		t.Errorf("the identifiers are %q, again %q, others %q", one.FrameID, again.FrameID, other.FrameID)
	}
	if n := len(one.FrameID) + len(one.DrainToken); n > 256 {
		t.Errorf("the identifiers have %d bytes", n)
	}
	if shuttle := open("", "", long); shuttle.FrameID != one.FrameID || shuttle.DrainToken != "" {
		t.Errorf("log-shuttle's: %+v", shuttle)
	}
	if usual := open("09C557EAFCFB6CF2740EE62F62971098", "d.fc6b856b-3332-4546-93de-7d0ee272c3bd", ""); usual.FrameID != "09C557EAFCFB6CF2740EE62F62971098" ||
		usual.DrainToken != "d.fc6b856b-3332-4546-93de-7d0ee272c3bd" {
		t.Errorf("usual ones: %+v", usual)
	}
}

// However odd the headers are, the message fits into SQS, and nothing of the body is lost.
func TestHeavyHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"\x00", "\xff", "é", `"`, `\`, "\u2028", "\U0001f600"} {
		q, r := &queue{}, post()
		r.FrameID, r.DrainToken, r.MsgCount = strings.Repeat(c, 5000/len(c)), strings.Repeat(c, 4000/len(c)), strings.Repeat("9", 500)
		body := strings.Repeat("x", 3<<19)
		r.Body, r.IsBase64 = base64.StdEncoding.EncodeToString([]byte(body)), true
		if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
			t.Errorf("%q: Ingest = %d, %v", c, status, err)
		}
		n := 0
		for _, m := range q.messages {
			got, err := envelope.Open(m)
			if err != nil || len(m) > envelope.MaxMessage {
				t.Fatalf("%q: a message of %d bytes, %v", c, len(m), err)
			}
			n += len(got.Body)
		}
		if n != len(body) {
			t.Errorf("%q: %d of %d bytes arrive", c, n, len(body))
		}
	}
}
