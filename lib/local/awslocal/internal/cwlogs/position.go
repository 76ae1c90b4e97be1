package cwlogs

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"regexp"
)

// position is an event's position in the order of all events: by time, then by arrival. Its String is the event's ID and part of the
// tokens of GetLogEvents, as on AWS.
type position struct {
	time, ingested int64 // milliseconds
	put            uint64
	index          uint16 // within its PutLogEvents call
}

const positionSize = 8 + 8 + 8 + 2

var positionForm = regexp.MustCompile(`^[0-9]{56}$`)

// startOf returns the position before all events of a millisecond.
func startOf(time int64) position { return position{time: time} }

// endOf returns the position after all events of a millisecond.
func endOf(time int64) position {
	return position{time: time, ingested: math.MaxInt64, put: math.MaxInt64, index: math.MaxInt16}
}

// next returns the first position after p.
func (p position) next() position {
	p.index++ // cannot overflow: a call has up to 10,000 events, and endOf uses half the range
	return p
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.ingested, q.ingested), cmp.Compare(p.put, q.put), cmp.Compare(p.index, q.index))
}

// positionDigits is the length of a position's String, which is longer only for times beyond the year 200,000.
const positionDigits = 56

// String returns the position as a number of 56 digits. It does not use math/big, because pages have 10,000 IDs.
func (p position) String() string {
	const (
		word   = 1e19 // the largest power of 10 in 64 bits
		digits = 19
	)
	number := [...]uint64{
		uint64(p.time) >> 48, uint64(p.time)<<16 | uint64(p.ingested)>>48, uint64(p.ingested)<<16 | p.put>>48, p.put<<16 | uint64(p.index),
	}
	var text [4 * digits]byte
	for end := len(text); end > 0; end -= digits {
		rest := uint64(0)
		for i := range number {
			number[i], rest = bits.Div64(rest, number[i], word)
		}
		for i := end - 1; i >= end-digits; i-- {
			text[i] = byte('0' + rest%10)
			rest /= 10
		}
	}
	start := 0
	for start < len(text)-positionDigits && text[start] == '0' {
		start++
	}
	return string(text[start:])
}

// parsePosition parses the result of String.
func parsePosition(digits string) (position, bool) {
	if !positionForm.MatchString(digits) {
		return position{}, false
	}
	number, _ := new(big.Int).SetString(digits, 10)
	var b [positionSize]byte
	number.FillBytes(b[:]) // 56 digits are below 2^187
	p := position{
		time:     int64(binary.BigEndian.Uint64(b[0:])),
		ingested: int64(binary.BigEndian.Uint64(b[8:])),
		put:      binary.BigEndian.Uint64(b[16:]),
		index:    binary.BigEndian.Uint16(b[24:]),
	}
	return p, p.index <= math.MaxInt16
}
