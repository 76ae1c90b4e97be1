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

// How a body is written in its message.
const (
	plain      = "base64"
	compressed = "zstd+base64"
)

// message is the JSON in a message. The body comes last and is by far the longest. It is base64, needs no escaping, and is written and
// read on its own, past encoding/json, which would take most of the time.
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

// What stands around the body in the JSON. Quotes inside JSON's strings are escaped, so the first such text is the field itself.
const beforeBody, afterBody = `,"body":"`, `"}`

// write is the message's JSON in printable ASCII, with the given body.
func write(m message, body string) string {
	header, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and ints always have a JSON form
	}
	var b strings.Builder
	b.Grow(len(header) + len(beforeBody) + len(body) + len(afterBody))
	writeASCII(&b, header[:len(header)-len("}")])
	b.WriteString(beforeBody)
	b.WriteString(body)
	b.WriteString(afterBody)
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

// read takes a message's JSON apart. It leaves the body's base64 to be checked.
func read(text string) (message, error) {
	var m message
	header, rest, found := strings.Cut(text, beforeBody)
	body, closed := strings.CutSuffix(rest, afterBody)
	if !found || !closed { // no message of Seal's; perhaps another JSON text for the same
		return m, json.Unmarshal([]byte(text), &m)
	}
	err := json.Unmarshal([]byte(header+"}"), &m)
	m.Body = body
	return m, err
}
