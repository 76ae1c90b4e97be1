package ingest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/ingest"
)

// zipped returns a text as log-shuttle's -gzip sends it, in the base64 of the gateway.
func zipped(t *testing.T, text string) string {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes())
}

func TestIngestDecodesGzip(t *testing.T) {
	long := strings.Repeat(lines, 3000) // 260 KB
	for name, tt := range map[string]struct{ encoding, body, want string }{
		"gzip":         {"gzip", zipped(t, lines), lines},
		"x-gzip":       {" X-GZIP", zipped(t, lines), lines},
		"a large body": {"gzip", zipped(t, long), long},
		"identity":     {"identity", base64.StdEncoding.EncodeToString([]byte(lines)), lines},
	} {
		q, r := &queue{}, post()
		r.ContentEncoding, r.Body = tt.encoding, tt.body
		if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK || err != nil {
			t.Errorf("%s: Ingest = %d, %v; want 200", name, status, err)
			continue
		}
		if got, err := envelope.Open(q.messages[0]); err != nil || string(got.Body) != tt.want {
			t.Errorf("%s: %d bytes %.50q, %v", name, len(got.Body), got.Body, err)
		}
	}
}

func TestIngestRejectsWhatItCannotDecode(t *testing.T) {
	whole := zipped(t, strings.Repeat(lines, 100))
	packed, err := base64.StdEncoding.DecodeString(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ encoding, body string }{
		"another encoding":    {"br", whole},
		"two encodings":       {"gzip, gzip", whole},
		"not gzip":            {"gzip", base64.StdEncoding.EncodeToString([]byte(lines))},
		"cut off":             {"gzip", base64.StdEncoding.EncodeToString(packed[:len(packed)-9])},
		"garbage at the end":  {"gzip", base64.StdEncoding.EncodeToString(append(packed, "garbage"...))},
		"not base64":          {"gzip", "!"},
		"larger than allowed": {"gzip", zipped(t, strings.Repeat("x", 6<<20+1))},
	} {
		q, r := &queue{}, post()
		r.ContentEncoding, r.Body = tt.encoding, tt.body
		status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r)
		if status != http.StatusUnsupportedMediaType || err == nil || len(q.messages) > 0 {
			t.Errorf("%s: Ingest = %d, %v, and %d messages; want 415, the reason, and none", name, status, err, len(q.messages))
		}
		r.Authorization = basic("shop", "wrong")
		if status, _ := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusUnauthorized {
			t.Errorf("%s, with a wrong password: Ingest = %d, want 401", name, status)
		}
	}
}

// A body of the largest size that is decoded is not too large to be queued.
func TestIngestDecodesTheLargestBody(t *testing.T) {
	body := strings.Repeat(lines, 6<<20/len(lines))
	q, r := &queue{}, post()
	r.ContentEncoding, r.Body = "gzip", zipped(t, body)
	if status, err := ingest.New(verifier(nil), q).Ingest(t.Context(), r); status != http.StatusOK {
		t.Fatalf("Ingest = %d, %v", status, err)
	}
	var got strings.Builder
	for _, m := range q.messages {
		e, err := envelope.Open(m)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(e.Body)
	}
	if got.String() != body {
		t.Errorf("%d bytes are queued, want %d", got.Len(), len(body))
	}
}
