package ingest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/ingest"
)

// FuzzIngest receives any POST. Only the app's password opens it; whatever is answered with 200 is in the queue, byte by byte, in messages that
// SQS accepts; and whatever is not leaves nothing there, and no part of the request in the reason.
func FuzzIngest(f *testing.F) {
	password := credential.Password(key, "shop")
	right, whole := basic("shop", password), base64.StdEncoding.EncodeToString([]byte(lines))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, lines+lines)
	_ = z.Close()
	zipped := base64.StdEncoding.EncodeToString(packed.Bytes())
	const frame, token = "09C557EAFCFB6CF2740EE62F62971098", "d.fc6b856b-3332-4546-93de-7d0ee272c3bd"
	f.Add(right, "", "1", frame, token, whole, true)
	f.Add(right, "gzip", "2", frame, token, zipped, true)
	f.Add(right, " X-GZIP", "", "", "", packed.String(), false)
	f.Add(right, "identity", "-1", "\x00\u2028", "\xff", lines, false)
	f.Add(right, "br", "1e3", frame, token, whole, true)
	f.Add(right, "", "99999999999999999999", frame, token, "A===", true)
	for _, authorization := range []string{
		"", "Basic", "Basic ", "bAsIc " + strings.TrimPrefix(right, "Basic "), right + "=", right + "\r\n", "Basic  " + strings.TrimPrefix(right, "Basic "), "Bearer " + password,
		basic("Shop", password), basic("shop", password+" "), basic("shop", password[:31]), basic("shop:"+password, ""), basic("blog", credential.Password(key, "blog")), basic("shop", ""),
	} {
		f.Add(authorization, "", "1", frame, token, whole, true)
	}
	f.Fuzz(func(t *testing.T, authorization, encoding, count, frame, token, body string, inBase64 bool) {
		q, r := &queue{}, post()
		r.Authorization, r.ContentEncoding, r.MsgCount, r.FrameID, r.DrainToken, r.Body, r.IsBase64 = authorization, encoding, count, frame, token, body, inBase64
		status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r)
		if (status == http.StatusOK) != (err == nil) {
			t.Fatalf("status %d, error %v", status, err)
		}
		want, content := wanted(r, password)
		if status != want {
			t.Fatalf("status %d, want %d: %v", status, want, err)
		}
		if err != nil {
			if len(q.messages) > 0 {
				t.Errorf("status %d, but %d messages are in the queue", status, len(q.messages))
			}
			if _, secret, _ := strings.Cut(authorization, " "); len(secret) > 20 && strings.Contains(err.Error(), secret) || len(body) > 20 && strings.Contains(err.Error(), body) {
				t.Errorf("the reason has a part of the request: %v", err)
			}
			return
		}
		var stored []byte
		for i, m := range q.messages {
			if len(m) > envelope.MaxMessage || strings.ContainsFunc(m, func(c rune) bool { return c < ' ' || c > '~' }) {
				t.Errorf("SQS does not accept message %d of %d bytes", i, len(m))
			}
			e, err := envelope.Open(m)
			if err != nil {
				t.Fatal(err)
			}
			if e.App != "shop" || e.Part != i+1 || e.Parts != len(q.messages) || e.MsgCount < -1 || len(e.FrameID) > 3*128 || len(e.DrainToken) > 3*128 { // three bytes for each that is not UTF-8
				t.Errorf("message %d is %+v", i, e.Header)
			}
			stored = append(stored, e.Body...)
		}
		if !bytes.Equal(stored, content) {
			t.Errorf("%d bytes are in the queue, want %d", len(stored), len(content))
		}
	})
}

// wanted returns the status for a request, and what must be in the queue with 200.
func wanted(r ingest.Request, password string) (status int, content []byte) {
	scheme, encoded, _ := strings.Cut(r.Authorization, " ")
	credentials, err := base64.StdEncoding.DecodeString(encoded)
	if !strings.EqualFold(scheme, "Basic") || err != nil || string(credentials) != "shop:"+password {
		return http.StatusUnauthorized, nil
	}
	content, err = []byte(r.Body), nil
	if r.IsBase64 {
		content, err = base64.StdEncoding.DecodeString(r.Body)
	}
	switch encoding := strings.ToLower(strings.TrimSpace(r.ContentEncoding)); {
	case r.Body == "":
		return http.StatusOK, nil
	case (encoding == "" || encoding == "identity") && (err != nil || r.IsBase64 && strings.ContainsAny(r.Body, "\r\n")):
		return http.StatusServiceUnavailable, nil // not base64 as the gateway writes it, on one line: its fault, which a retry may cure
	case encoding == "" || encoding == "identity":
		return http.StatusOK, content
	case encoding != "gzip" && encoding != "x-gzip" || err != nil:
		return http.StatusUnsupportedMediaType, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return http.StatusUnsupportedMediaType, nil
	}
	if content, err = io.ReadAll(io.LimitReader(z, 6<<20+1)); err != nil || len(content) > 6<<20 {
		return http.StatusUnsupportedMediaType, nil
	}
	return http.StatusOK, content
}
