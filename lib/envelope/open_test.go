package envelope_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"heroku-drains/lib/envelope"
)

// text returns a message written by hand.
func text(version, part, parts int, encoding, body string) string {
	return fmt.Sprintf(`{"version":%d,"app":"shop","request_id":"r1","msg_count":1,"received_at":0,"part":%d,"parts":%d,"encoding":%q,"body":"%s"}`,
		version, part, parts, encoding, body)
}

// packed returns a body of size zeros, compressed.
func packed(t *testing.T, size int, options ...zstd.EOption) []byte {
	t.Helper()
	encoder, err := zstd.NewWriter(nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer encoder.Close()
	return encoder.EncodeAll(make([]byte, size), nil)
}

func TestOpenFails(t *testing.T) {
	const base64Encoding, zstdEncoding = "base64", "zstd+base64"
	encode := base64.StdEncoding.EncodeToString
	streamed := new(bytes.Buffer) // without its size in the header
	w, err := zstd.NewWriter(streamed, zstd.WithWindowSize(256<<10))
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "JSON"},
		{"not JSON", "hello", "JSON"},
		{"other JSON", `"hello"`, "JSON"},
		{"cut off", text(1, 1, 1, base64Encoding, "AAAA")[:100], "JSON"},
		{"more text after it", text(1, 1, 1, base64Encoding, "AAAA") + "x", "JSON"},
		{"not JSON before the body", `x,"body":"AAAA"}`, "JSON"},
		{"not an envelope", "{}", "version 0"},
		{"another version", text(2, 1, 1, base64Encoding, "AAAA"), "version 2"},
		{"another encoding", text(1, 1, 1, "gzip", "AAAA"), `"gzip"`},
		{"no encoding", text(1, 1, 1, "", "AAAA"), `encoding ""`},
		{"part 0", text(1, 0, 1, base64Encoding, "AAAA"), "part 0 of 1"},
		{"part 3 of 2", text(1, 3, 2, base64Encoding, "AAAA"), "part 3 of 2"},
		{"no parts", text(1, 1, 0, base64Encoding, "AAAA"), "part 1 of 0"},
		{"negative part", text(1, -1, 1, base64Encoding, "AAAA"), "part -1 of 1"},
		{"not base64", text(1, 1, 1, base64Encoding, "AA*A"), "base64"},
		{"escapes", text(1, 1, 1, base64Encoding, `AA\nAA`), "base64"},
		{"quotes", text(1, 1, 1, base64Encoding, `AA","body":"AA`), "base64"},
		{"half base64", text(1, 1, 1, base64Encoding, "AAA"), "base64"},
		{"not base64 of zstd", text(1, 1, 1, zstdEncoding, "AA*A"), "base64"},
		{"not zstd", text(1, 1, 1, zstdEncoding, "AAAA"), "zstd"},
		{"half zstd", text(1, 1, 1, zstdEncoding, encode(packed(t, 100_000)[:12])), "zstd"},
		{"a bomb", text(1, 1, 1, zstdEncoding, encode(packed(t, 100<<20))), "1048576 bytes"},
		{"one byte too many", text(1, 1, 1, zstdEncoding, encode(packed(t, 1<<20+1, zstd.WithWindowSize(256<<10)))), "1048576 bytes"},
		{"a bomb of unknown size", text(1, 1, 1, zstdEncoding, encode(streamed.Bytes())), "1048576 bytes"},
		{"bombs in a row", text(1, 1, 1, zstdEncoding, encode(append(packed(t, 600_000), packed(t, 600_000)...))), "1048576 bytes"},
	} {
		e, err := envelope.Open(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %+v, error %v", test.name, e.Header, err)
		}
	}
}

// TestOpenAnotherJSONText checks that a message that another tool has rewritten as equivalent JSON can be opened.
func TestOpenAnotherJSONText(t *testing.T) {
	for _, text := range []string{
		text(1, 1, 1, "base64", "aGVsbG8=") + "\n",
		`{ "body": "aGVs\u0062G8=", "version": 1, "part": 1, "parts": 1, "encoding": "base64", "app": "shop", "later": true }`,
	} {
		e, err := envelope.Open(text)
		if diff := cmp.Diff("hello", string(e.Body)); diff != "" || err != nil || e.App != "shop" {
			t.Errorf("%s: app %q, body %q, %v", text, e.App, e.Body, err)
		}
	}
}
