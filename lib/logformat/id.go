package logformat

import (
	"encoding/base64"
	"encoding/binary"
	"time"
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

// microBits is the number of an ID's last bits that say the microseconds of the line's time within its millisecond: the time of an event has
// milliseconds.
const microBits = 10

// microMask covers these bits.
const microMask = 1<<microBits - 1

// At returns an ID for a line that states a time: the ID, but the last bits are the time's microseconds, so that JSON events need no member for
// the time.
func (id ID) At(t time.Time) ID {
	return id.SameTime(ID(t.Nanosecond() / int(time.Microsecond) % 1000))
}

// SameTime returns an ID for a line that states the same time as the line with another ID.
func (id ID) SameTime(other ID) ID {
	if id &^= microMask; id == 0 {
		id = 1 << microBits // 0 is none
	}
	return id | other&microMask
}

// time returns the time of a line that has the ID and is in an event of this time, in milliseconds.
func (id ID) time(milliseconds int64) time.Time {
	return time.UnixMilli(milliseconds).Add(time.Duration(id&microMask) * time.Microsecond)
}
