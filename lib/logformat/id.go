package logformat

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// ID identifies a line: the line of a request of Logplex has the same one however often it is stored, and in whichever process. 0: none.
type ID uint64

// idLength is the number of characters of an ID's text.
const idLength = 11

// Append appends the ID as 11 characters of base64url.
// https://www.rfc-editor.org/rfc/rfc4648#section-5
func (id ID) Append(dst []byte) []byte {
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(id))
	return base64.RawURLEncoding.AppendEncode(dst, number[:])
}

// String returns the ID as Append writes it, or "" for none.
func (id ID) String() string {
	if id == 0 {
		return ""
	}
	return string(id.Append(nil))
}

// parseID reads what Append has written.
func parseID(text string) (ID, bool) {
	if len(text) != idLength {
		return 0, false
	}
	number, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(number) != 8 {
		return 0, false
	}
	id := ID(binary.BigEndian.Uint64(number))
	return id, id != 0
}

// ReadID returns the ID of the line in an event in the JSON format. It reports false for other events, for those of versions before the ID, and
// for a field "id" of the line itself, which is never in this place.
func ReadID(text string) (ID, bool) {
	// Quotes in the texts before the message are escaped, so this is the beginning of the message and not a part of them.
	head, _, found := strings.Cut(text, `,"message":"`)
	if !found || !strings.HasPrefix(head, `{"time":"`) {
		return 0, false
	}
	head, closed := strings.CutSuffix(head, `"`)
	if !closed || len(head) < idLength {
		return 0, false
	}
	before, value := head[:len(head)-idLength], head[len(head)-idLength:]
	if !strings.HasSuffix(before, `,"id":"`) {
		return 0, false
	}
	return parseID(value)
}
