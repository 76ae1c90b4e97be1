package envelope

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"heroku-drains/lib/strictjson"
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
	header, rest, found := strings.Cut(text, beforeBody)
	body, closed := strings.CutSuffix(rest, afterBody)
	if found && closed {
		if m, err := readHeader(header + "}"); err == nil {
			m.Body = body
			return m, nil
		}
	}
	var m message // not as Seal writes it, but perhaps equivalent JSON
	err := json.Unmarshal([]byte(text), &m)
	return m, err
}

// readHeader parses the JSON of a message without its body, as write writes it. It needs a tenth of the time of encoding/json, which it leaves
// everything else to.
func readHeader(text string) (message, error) {
	var m message
	r := strictjson.New([]byte(text))
	err := r.Object(func(name []byte) (err error) {
		switch string(name) {
		case "version":
			return readInt(r, &m.Version)
		case "app":
			return readString(r, &m.App)
		case "drain_token":
			return readString(r, &m.DrainToken)
		case "frame_id":
			return readString(r, &m.FrameID)
		case "request_id":
			return readString(r, &m.RequestID)
		case "msg_count":
			return readInt(r, &m.MsgCount)
		case "received_at":
			m.ReceivedAt, err = r.Int()
			return err
		case "part":
			return readInt(r, &m.Part)
		case "parts":
			return readInt(r, &m.Parts)
		case "encoding":
			return readString(r, &m.Encoding)
		}
		return errUnknown
	})
	if err == nil {
		err = r.End()
	}
	return m, err
}

var errUnknown = errors.New("unknown member")

func readInt(r *strictjson.Reader, into *int) error {
	n, err := r.Int()
	*into = int(n)
	return err
}

func readString(r *strictjson.Reader, into *string) error {
	s, err := r.String()
	*into = string(s)
	return err
}
