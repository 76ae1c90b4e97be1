package main

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/drain"
)

// wire is an AWS in this process: it reads requests to their end, forgets them, and answers as AWS does. It answers one request
// after the other: the drains function also asks for the signing key beside what is measured.
type wire struct {
	mu     sync.Mutex
	format string                  // of the drain's setting
	puts   func(body []byte) error // is called with the body of each PutLogEvents; nil for nothing
	body   bytes.Buffer            // of the last request
	sent   []byte                  // the last SendMessage, and its answer
	answer string
}

func newWire(format string) *wire { return &wire{format: format} }

// config returns the configuration of clients that talk to it.
func (w *wire) config() aws.Config {
	return aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", strings.Repeat("token", 100)),
		HTTPClient:  &http.Client{Transport: w},
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.body.Reset()
	if r.Body != nil {
		if _, err := w.body.ReadFrom(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	answer, contentType := "{}", "application/x-amz-json-1.0"
	switch operation {
	case "PutLogEvents":
		contentType, answer = "application/x-amz-json-1.1", `{"nextSequenceToken":"49650000000000000000000000000000000000000000000000000001"}`
		if w.puts != nil {
			if err := w.puts(w.body.Bytes()); err != nil {
				return nil, err
			}
		}
	case "SendMessage":
		var err error
		if answer, err = w.messageAnswer(); err != nil {
			return nil, err
		}
	case "GetQueueUrl":
		answer = fmt.Sprintf(`{"QueueUrl":%q}`, queueURL)
	case "ListQueueTags":
		answer = fmt.Sprintf(`{"Tags":{%q:%q}}`, drain.TagFormat, w.format)
	case "GetSecretValue":
		contentType, answer = "application/x-amz-json-1.1", fmt.Sprintf(`{"SecretString":%q}`, signingKey)
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Content-Type": {contentType}, "X-Amzn-Requestid": {"6d6a4f2c-0b7e-5d7a-9c55-15fd4d5a8a3b"}, "Date": {time.Now().UTC().Format(http.TimeFormat)},
		},
		ContentLength: int64(len(answer)), Body: io.NopCloser(strings.NewReader(answer)), Request: r,
	}, nil
}

// messageAnswer returns the answer to a SendMessage. The SDK compares the hash in it with that of the message. It is computed anew only if the
// request differs from the one before: what AWS does is not measured.
func (w *wire) messageAnswer() (string, error) {
	if bytes.Equal(w.body.Bytes(), w.sent) {
		return w.answer, nil
	}
	var m struct{ MessageBody string }
	if err := json.Unmarshal(w.body.Bytes(), &m); err != nil {
		return "", err
	}
	sum := md5.Sum([]byte(m.MessageBody))
	w.sent = bytes.Clone(w.body.Bytes())
	w.answer = fmt.Sprintf(`{"MD5OfMessageBody":%q,"MessageId":"059f36b4-87a3-44ab-83d2-661975830a7d"}`, hex.EncodeToString(sum[:]))
	return w.answer, nil
}
