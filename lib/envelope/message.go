package envelope

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// version is what Seal writes and Open reads.
const version = 1

// The encodings of a body.
const (
	plain      = "base64"
	compressed = "zstd+base64"
)

// message is the JSON of an SQS message. The body is the last field and by far the longest. Because base64 needs no escaping, the body is
// written and read without encoding/json, which would take most of the time.
type message struct {
	Version    int    `json:"version"`
	App        string `json:"app"`
	DrainToken string `json:"drain_token,omitempty"`
	FrameID    string `json:"frame_id,omitempty"`
	RequestID  string `json:"request_id,omitempty"`
	MsgCount   int    `json:"msg_count"`
	ReceivedAt int64  `json:"received_at"` // Unix time in milliseconds
	Part       int    `json:"part"`
	Parts      int    `json:"parts"`
	Encoding   string `json:"encoding"`
	Body       string `json:"body,omitempty"`
}

// The JSON around the body. Quotes in JSON strings are escaped, so the first occurrence of beforeBody is the field itself.
const beforeBody, afterBody = `,"body":"`, `"}`

// write returns the message with the given body as JSON in printable ASCII.
func write(m message, body string) string {
	header, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and ints always marshal
	}
	var b strings.Builder
	b.Grow(len(header) + len(beforeBody) + len(body) + len(afterBody))
	writeASCII(&b, header[:len(header)-len("}")])
	b.WriteString(beforeBody)
	b.WriteString(body)
	b.WriteString(afterBody)
	return b.String()
}

// writeASCII writes JSON with \u escapes in place of all but printable ASCII. In the output of json.Marshal, other characters occur only
// inside strings.
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

// read parses the JSON of a message. It does not check the base64 of the body.
func read(text string) (message, error) {
	var m message
	header, rest, found := strings.Cut(text, beforeBody)
	body, closed := strings.CutSuffix(rest, afterBody)
	if !found || !closed { // not as Seal writes it, but perhaps equivalent JSON
		return m, json.Unmarshal([]byte(text), &m)
	}
	err := json.Unmarshal([]byte(header+"}"), &m)
	m.Body = body
	return m, err
}
