package envelope

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"heroku-drains/lib/logplex"
)

// Seal puts a request's body, as API Gateway hands it over, into one SQS message, or into several when it does not fit one. A body that
// makes a message of at most 64 KB is taken as it is, without being decoded; a larger one is compressed. Each message is at most
// MaxMessage long and holds at most MaxPart of the body, which is only cut between frames, but within a piece that is longer than that.
//
// It fails when a body that is said to be base64 is not, and when the header leaves no room for a body.
func Seal(h Header, body string, isBase64 bool) ([]string, error) {
	whole := message{
		Version: version, App: h.App, DrainToken: h.DrainToken, FrameID: h.FrameID, RequestID: h.RequestID,
		MsgCount: h.MsgCount, ReceivedAt: h.ReceivedAt.UnixMilli(), Part: 1, Parts: 1, Encoding: plain,
	}
	if isBase64 && len(body) < billingUnit {
		if err := checkBase64(body); err != nil {
			return nil, fmt.Errorf("seal the body of a request for app %q: %w", h.App, err)
		}
		if sealed := write(whole, body); len(sealed) <= billingUnit {
			return []string{sealed}, nil
		}
	}
	raw := []byte(body)
	if isBase64 {
		var err error
		if raw, err = base64.StdEncoding.DecodeString(body); err != nil {
			return nil, fmt.Errorf("seal the body of a request for app %q: %w", h.App, err)
		}
	}
	parts := split(raw)
	sealed := make([]string, len(parts))
	for i, part := range parts {
		m := whole
		m.Part, m.Parts = i+1, len(parts)
		sealed[i] = sealPart(m, part)
		if len(sealed[i]) > MaxMessage {
			return nil, fmt.Errorf("seal part %d of %d of a request for app %q: %d bytes are more than SQS's %d: the header is too long",
				m.Part, m.Parts, h.App, len(sealed[i]), MaxMessage)
		}
	}
	return sealed, nil
}

// split cuts a body between frames into parts of at most MaxPart. An empty body is one empty part.
func split(body []byte) [][]byte {
	if len(body) <= MaxPart {
		return [][]byte{body}
	}
	var parts [][]byte
	start, end := 0, 0
	for f := range logplex.Frames(body) {
		if end+len(f.Raw)-start > MaxPart && end > start {
			parts = append(parts, body[start:end])
			start = end
		}
		end += len(f.Raw)
		for end-start > MaxPart { // one piece alone is too long
			parts = append(parts, body[start:start+MaxPart])
			start += MaxPart
		}
	}
	return append(parts, body[start:end])
}

// sealPart compresses the body, unless the message is small enough without, or no smaller with.
func sealPart(m message, body []byte) string {
	encoded := base64.StdEncoding.EncodedLen(len(body))
	if encoded < billingUnit {
		if sealed := write(m, base64.StdEncoding.EncodeToString(body)); len(sealed) <= billingUnit {
			return sealed
		}
	}
	if packed := compress(body); len(packed) < len(body) {
		m.Encoding, body = compressed, packed
	}
	return write(m, base64.StdEncoding.EncodeToString(body))
}

// write is the message's JSON in printable ASCII. The body is base64 and needs no escaping, which would take most of the time.
func write(m message, body string) string {
	header, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and ints always have a JSON form
	}
	const before, after = `,"body":"`, `"}`
	var b strings.Builder
	b.Grow(len(header) + len(before) + len(body) + len(after))
	writeASCII(&b, header[:len(header)-len("}")])
	b.WriteString(before)
	b.WriteString(body)
	b.WriteString(after)
	return b.String()
}

// writeASCII writes JSON with \u escapes for what is not printable ASCII. json.Marshal leaves such characters only inside strings.
func writeASCII(b *strings.Builder, text []byte) {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch high, low := utf16.EncodeRune(r); {
		case r < 0x7f:
			b.WriteByte(byte(r))
		case high != utf8.RuneError:
			fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
	}
}

// checkBase64 reports whether text is padded standard base64, as the gateway writes it, without decoding it.
func checkBase64(text string) error {
	digits := strings.TrimRight(text, "=")
	if len(text)%4 != 0 || len(text)-len(digits) > 2 {
		return fmt.Errorf("%d characters are no padded base64", len(text))
	}
	var bad byte
	for i := range len(digits) {
		bad |= notBase64[digits[i]]
	}
	if bad != 0 {
		return fmt.Errorf("there are characters in it that are no base64")
	}
	return nil
}

// notBase64 holds 1 for each byte that is no digit of base64.
var notBase64 = func() (table [256]byte) {
	for i := range table {
		table[i] = 1
	}
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		table[c] = 0
	}
	return table
}()
