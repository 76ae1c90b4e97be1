package envelope_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
)

const (
	billingUnit  = 64 << 10 // SQS bills each 64 KB as one request
	compressFrom = 4 << 10  // bytes of a body
	maxMessage   = 1 << 20  // SQS's limit for a message
)

var header = envelope.Header{
	App: "shop", DrainToken: "d.f1e2d3c4-0000-4000-8000-000000000001", FrameID: "09C557EAFCFB6CF2740EE62F62971098",
	RequestID: "JKJaXmPLvHcESHA=", MsgCount: 2, ReceivedAt: time.Date(2026, 11, 22, 15, 4, 5, 678_000_000, time.UTC),
}

// noise returns bytes that do not compress.
func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// framed puts b into lines with texts of the given length, the last one shorter, and these into frames.
func framed(b []byte, length int) []byte {
	at := time.Date(2024, 3, 5, 14, 7, 9, 123_456_000, time.UTC)
	var body []byte
	for len(b) > 0 {
		n := min(length, len(b))
		body = logplex.AppendFrame(body, logplex.AppendLine(nil, logplex.Line{
			Priority: logplex.PriorityDyno, Time: at, Source: []byte("app"), Process: []byte("web.1"), Message: b[:n],
		}))
		b = b[n:]
	}
	return body
}

// overhead returns how many bytes framed adds to a text of the given length.
func overhead(length int) int { return len(framed(make([]byte, length), length)) - length }

func seal(t *testing.T, h envelope.Header, body string, isBase64 bool) []string {
	t.Helper()
	sealed, err := envelope.Seal(h, body, isBase64)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// checkSealed opens the messages, checks what holds for all of them, and returns the bodies of the parts.
func checkSealed(t *testing.T, h envelope.Header, body []byte, sealed []string) [][]byte {
	t.Helper()
	var parts [][]byte
	for i, m := range sealed {
		if len(m) > maxMessage {
			t.Errorf("message %d has %d bytes", i, len(m))
		}
		for _, c := range []byte(m) {
			if c < ' ' || c > '~' {
				t.Fatalf("message %d contains %q", i, c)
			}
		}
		if len(m) <= billingUnit && !json.Valid([]byte(m)) { // larger ones only differ in their body
			t.Errorf("message %d is not JSON: %.300s", i, m)
		}
		e, err := envelope.Open(m)
		if err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
		if e.ReceivedAt.Location() != time.UTC {
			t.Errorf("message %d was received at %v", i, e.ReceivedAt)
		}
		if diff := cmp.Diff(h, e.Header); diff != "" || e.Part != i+1 || e.Parts != len(sealed) {
			t.Errorf("message %d is part %d of %d, its header (-want +got):\n%s", i, e.Part, e.Parts, diff)
		}
		if len(e.Body) > envelope.MaxPart {
			t.Errorf("message %d contains %d bytes of body", i, len(e.Body))
		}
		parts = append(parts, e.Body)
	}
	if !bytes.Equal(bytes.Join(parts, nil), body) {
		t.Error("the parts do not add up to the body")
	}
	return parts
}

func TestRoundTrip(t *testing.T) {
	for _, test := range []struct {
		name  string
		body  []byte
		parts int
	}{
		{"empty", nil, 1},
		{"one byte", []byte("x"), 1},
		{"colors", []byte("\x1b[31mred\x1b[0m"), 1},
		{"NUL", []byte("a\x00b\x00"), 1},
		{"every byte", func() (b []byte) {
			for i := range 256 {
				b = append(b, byte(i))
			}
			return b
		}(), 1},
		{"invalid UTF-8", []byte("caf\xc3 \xff\xfe \xed\xa0\x80"), 1},
		{"text like the body field", []byte(`,"body":"AAAA"}`), 1},
		{"a batch of Logplex's", traffic(102_400), 1},
		{"noise, uncompressed", noise(48_000), 1},
		{"noise, more than one unit", noise(100_000), 1},
		{"6 MB of lines", traffic(6_000_000), 9},
		{"6 MB of noise in frames", framed(noise(6_000_000), 8_000), 9},
		{"6 MB of one character in frames", framed(bytes.Repeat([]byte("x"), 6_000_000), logplex.ChunkSize), 9},
		{"6 MB of noise without frames", noise(6_000_000), 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			encoded := base64.StdEncoding.EncodeToString(test.body)
			fromBase64, fromText := seal(t, header, encoded, true), seal(t, header, string(test.body), false)
			checkSealed(t, header, test.body, fromBase64)
			if diff := cmp.Diff(fromBase64, fromText); diff != "" {
				t.Error("a body sealed from base64 differs from the same body sealed from text")
			}
			if len(fromBase64) != test.parts {
				t.Errorf("%d messages, want %d", len(fromBase64), test.parts)
			}
		})
	}
}

// TestRoundTripOfHeader checks that HTTP headers with any content are accepted by SQS and read back.
func TestRoundTripOfHeader(t *testing.T) {
	for _, h := range []envelope.Header{
		{App: "shop", MsgCount: -1, ReceivedAt: header.ReceivedAt},
		{App: "a\"b\\c", DrainToken: "\x1b[31m\x00\x7f\r\n\t", FrameID: "é \u2028 <&> \U0001f600 \uffff", RequestID: `,"body":"x"}`, MsgCount: 1 << 40, ReceivedAt: header.ReceivedAt},
		{App: strings.Repeat("\x00", 10_240), DrainToken: strings.Repeat("\x00", 4_000), ReceivedAt: time.Time{}}, // more than HTTP allows
	} {
		for _, body := range [][]byte{nil, []byte("x"), noise(envelope.MaxPart), traffic(100_000)} {
			checkSealed(t, h, body, seal(t, h, string(body), false))
		}
	}
}

func TestReceivedAtIsKeptToTheMillisecondInUTC(t *testing.T) {
	h := header
	h.ReceivedAt = time.Date(2026, 11, 22, 16, 4, 5, 678_999_999, time.FixedZone("", 3600))
	checkSealed(t, header, nil, seal(t, h, "", false))
}
