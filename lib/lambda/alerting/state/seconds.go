package state

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Second counts the lines of a second.
type Second struct {
	At    int64 // Unix time, in seconds
	Lines int
}

// Seconds are counts by second, ascending and without seconds that have no lines. Their JSON is a short text: two bytes for a busy second.
type Seconds []Second

// add adds lines to a second.
func (s *Seconds) add(at int64, lines int) {
	i, found := slices.BinarySearchFunc(*s, at, bySecond)
	if found {
		(*s)[i].Lines += lines
		return
	}
	*s = slices.Insert(*s, i, Second{At: at, Lines: lines})
}

func bySecond(s Second, at int64) int {
	switch {
	case s.At < at:
		return -1
	case s.At > at:
		return 1
	}
	return 0
}

// from returns the seconds since at, inclusive.
func (s Seconds) from(at int64) Seconds {
	i, _ := slices.BinarySearchFunc(s, at, bySecond)
	return s[i:]
}

// lines returns the number of lines.
func (s Seconds) lines() int {
	n := 0
	for _, second := range s {
		n += second.Lines
	}
	return n
}

// between returns the seconds from first to last, inclusive.
func (s Seconds) between(first, last int64) Seconds {
	s = s.from(first)
	i, found := slices.BinarySearchFunc(s, last, bySecond)
	if found {
		i++
	}
	return s[:i]
}

// without returns the seconds that are not from first to last, inclusive.
func (s Seconds) without(first, last int64) Seconds {
	return slices.DeleteFunc(s, func(second Second) bool { return second.At >= first && second.At <= last })
}

// merged returns the seconds of both.
func (s Seconds) merged(other Seconds) Seconds {
	if len(s) == 0 || len(other) == 0 {
		return append(s, other...)
	}
	all := make(Seconds, 0, len(s)+len(other))
	for len(s) > 0 && len(other) > 0 {
		switch {
		case s[0].At < other[0].At:
			all, s = append(all, s[0]), s[1:]
		case s[0].At > other[0].At:
			all, other = append(all, other[0]), other[1:]
		default:
			all = append(all, Second{At: s[0].At, Lines: s[0].Lines + other[0].Lines})
			s, other = s[1:], other[1:]
		}
	}
	return append(append(all, s...), other...)
}

// floor returns the start of the step that a second is in.
func floor(at, step int64) int64 { return at - (at%step+step)%step }

// MarshalText writes the seconds as base64 of varints: for each, the distance to the one before, and the lines.
func (s Seconds) MarshalText() ([]byte, error) {
	var raw []byte
	var last int64
	for _, second := range s {
		raw = binary.AppendVarint(raw, second.At-last)
		raw = binary.AppendUvarint(raw, uint64(max(second.Lines, 0)))
		last = second.At
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Seconds) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("read counts by second: %w", err)
	}
	*s = nil
	var last int64
	for len(raw) > 0 {
		distance, n := binary.Varint(raw)
		if n <= 0 {
			return errors.New("read counts by second: no time")
		}
		raw = raw[n:]
		lines, n := binary.Uvarint(raw)
		if n <= 0 {
			return errors.New("read counts by second: no number of lines")
		}
		raw = raw[n:]
		last += distance
		s.add(last, int(lines))
	}
	return nil
}
