package cwlogs

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"regexp"
)

// position is an event's place in the order of all events: by its time, then by when it came in. Written as one number it is the
// event's id, and what the tokens of GetLogEvents hold, as on AWS.
type position struct {
	time, ingested int64 // milliseconds
	put            uint64
	index          uint16 // in its PutLogEvents
}

const positionSize = 8 + 8 + 8 + 2

var positionForm = regexp.MustCompile(`^[0-9]{56}$`)

// startOf is before every event of a millisecond, and endOf is behind them.
func startOf(time int64) position { return position{time: time} }

func endOf(time int64) position {
	return position{time: time, ingested: math.MaxInt64, put: math.MaxInt64, index: math.MaxInt16}
}

// next is the first place behind p.
func (p position) next() position {
	p.index++ // there is room: a put has 10,000 events, and endOf is below the limit
	return p
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.ingested, q.ingested), cmp.Compare(p.put, q.put), cmp.Compare(p.index, q.index))
}

// String is the position in 56 digits.
func (p position) String() string {
	var b [positionSize]byte
	binary.BigEndian.PutUint64(b[0:], uint64(p.time))
	binary.BigEndian.PutUint64(b[8:], uint64(p.ingested))
	binary.BigEndian.PutUint64(b[16:], p.put)
	binary.BigEndian.PutUint16(b[24:], p.index)
	return fmt.Sprintf("%056d", new(big.Int).SetBytes(b[:]))
}

// parsePosition reads what String wrote.
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
