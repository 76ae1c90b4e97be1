package envelope_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/envelope"
)

// FuzzOpen opens any text. What can be opened must be the same after sealing and opening it again.
func FuzzOpen(f *testing.F) {
	for _, body := range []string{"", "x", "\x1b[31m\x00\xff", string(traffic(100_000))} {
		sealed, err := envelope.Seal(header, body, false)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sealed[0])
	}
	for _, seed := range []string{"", "{}", text(2, 1, 1, "base64", ""), text(1, 2, 3, "zstd+base64", "KLUv/QQAQQAAaGVsbG8mHFtZ"), `{"body":"AAAA"}`, `,"body":""}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := envelope.Open(text)
		into, intoErr := envelope.OpenInto(text, bytes.Repeat([]byte("memory"), 1000))
		if diff := cmp.Diff(e, into, cmpopts.EquateEmpty()); diff != "" || fmt.Sprint(err) != fmt.Sprint(intoErr) {
			t.Errorf("%v and with memory %v (-Open +OpenInto):\n%s", err, intoErr, diff)
		}
		if err != nil {
			return
		}
		if e.Part < 1 || e.Part > e.Parts || len(e.Body) > maxMessage {
			t.Fatalf("part %d of %d, %d bytes", e.Part, e.Parts, len(e.Body))
		}
		checkSealed(t, e.Header, e.Body, seal(t, e.Header, string(e.Body), false))
	})
}

// FuzzHeader reads any header. What readHeader accepts, encoding/json reads the same of.
func FuzzHeader(f *testing.F) {
	sealed, err := envelope.Seal(header, "", false)
	if err != nil {
		f.Fatal(err)
	}
	written, _, _ := strings.Cut(sealed[0], `,"body":`)
	if _, _, err, _ := envelope.Headers(written + "}"); err != nil {
		f.Fatalf("what Seal writes is left to encoding/json: %v", err)
	}
	for _, seed := range []string{
		written + "}", written, "{}", "null", `{"part":1,"part":2}`, `{"Part":1}`, `{"app":"\u00e9\ud800"}`, `{"part":1.0}`, `{"app":null}`, `{"part":9223372036854775808}`, `{"other":1}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, want, err, plainErr := envelope.Headers(text)
		if err == nil && (plainErr != nil || !reflect.DeepEqual(got, want)) {
			t.Errorf("%q: read %+v, encoding/json reads %+v, %v", text, got, want, plainErr)
		}
	})
}

// FuzzSeal seals any body, base64 or not.
func FuzzSeal(f *testing.F) {
	f.Add("shop", "d.1", "x", 1)
	f.Add("", "\x1b\x00\x7f\xff é\u2028", "AAAA", 70_000)
	f.Fuzz(func(t *testing.T, app, token, body string, repeat int) {
		for repeat = min(max(repeat, 1), 1<<20); repeat > 1 && len(body) < 1<<20 && len(body) > 0; repeat /= 2 {
			body += body
		}
		h := header
		h.App, h.DrainToken = app, token
		sealed := seal(t, h, body, false)
		// Invalid UTF-8 in a header is replaced, because JSON cannot contain it.
		first, err := envelope.Open(sealed[0])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]rune(token), []rune(first.DrainToken)); diff != "" {
			t.Errorf("drain token (-want +got):\n%s", diff)
		}
		checkSealed(t, first.Header, []byte(body), sealed)
		if sealed, err := envelope.Seal(h, body, true); err == nil {
			decoded, err := base64.StdEncoding.DecodeString(body)
			if err != nil {
				t.Errorf("sealed as base64: %v", err)
			}
			checkSealed(t, first.Header, decoded, sealed)
		}
	})
}
