// Package strictjson reads JSON whose structure the caller knows, without reflection and without a copy of what the caller does not need, and writes
// strings.
//
// It is strict: whatever it accepts is valid JSON in valid UTF-8, of which encoding/json reads the same values. It rejects invalid UTF-8, which
// encoding/json replaces, and what is nested deeper than 100 levels. It leaves to its caller what a name that occurs twice means.
//
// After an error, a Reader must not be used again. Errors say where they are, and contain nothing of the input.
package strictjson

import (
	"errors"
	"fmt"
	"strconv"
)

// maxDepth is the limit for objects and arrays in each other.
const maxDepth = 100

// Reader reads a JSON text from its beginning to its end. It is not safe for concurrent use.
type Reader struct {
	all, rest []byte
	depth     int
	text      []byte // memory of String
}

// New returns a Reader of a JSON text, which must not change while it is read.
func New(text []byte) *Reader { return &Reader{all: text, rest: text} }

// Object reads an object. It calls member for each member, which must read its value. The name is valid until member reads anything.
func (r *Reader) Object(member func(name []byte) error) error {
	return r.list('{', '}', func() error {
		name, err := r.String()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return r.wanted("a colon")
		}
		return member(name)
	})
}

// Array reads an array. It calls element for each element, which must read it.
func (r *Reader) Array(element func() error) error { return r.list('[', ']', element) }

func (r *Reader) list(begin, end byte, item func() error) error {
	if !r.take(begin) {
		return r.wanted(strconv.QuoteRune(rune(begin)))
	}
	if r.depth++; r.depth > maxDepth {
		return r.failed("is nested too deeply")
	}
	for first := true; ; first = false {
		if first && r.take(end) {
			break
		}
		if err := item(); err != nil {
			return err
		}
		if r.take(end) {
			break
		}
		if !r.take(',') {
			return r.wanted("a comma or the end of the list")
		}
	}
	r.depth--
	return nil
}

// Int reads a number that is an integer in Go's and JSON's notation.
func (r *Reader) Int() (int64, error) {
	text, err := r.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0, r.wanted("an integer of 64 bits")
	}
	return n, nil
}

// Bool reads true or false.
func (r *Reader) Bool() (bool, error) {
	switch {
	case r.takeWord("true"):
		return true, nil
	case r.takeWord("false"):
		return false, nil
	}
	return false, r.wanted("true or false")
}

// Null reads null, if it is next, and reports whether it was.
func (r *Reader) Null() bool { return r.takeWord("null") }

// Skip reads any value.
func (r *Reader) Skip() error {
	r.space()
	if len(r.rest) == 0 {
		return r.wanted("a value")
	}
	var err error
	switch r.rest[0] {
	case '{':
		return r.Object(func([]byte) error { return r.Skip() })
	case '[':
		return r.Array(r.Skip)
	case '"':
		_, err = r.String()
	case 't', 'f':
		_, err = r.Bool()
	case 'n':
		if !r.Null() {
			err = r.wanted("null")
		}
	default:
		_, err = r.number()
	}
	return err
}

// End returns an error unless everything has been read.
func (r *Reader) End() error {
	if r.space(); len(r.rest) > 0 {
		return r.wanted("the end")
	}
	return nil
}

// number reads a number. https://www.rfc-editor.org/rfc/rfc8259#section-6
func (r *Reader) number() ([]byte, error) {
	r.space()
	n := 0
	digits := func() bool {
		before := n
		for n < len(r.rest) && '0' <= r.rest[n] && r.rest[n] <= '9' {
			n++
		}
		return n > before
	}
	is := func(a, b byte) bool {
		found := n < len(r.rest) && (r.rest[n] == a || r.rest[n] == b)
		if found {
			n++
		}
		return found
	}
	is('-', '-')
	if !is('0', '0') && !digits() {
		return nil, r.wanted("a number")
	}
	if is('.', '.') && !digits() {
		return nil, r.wanted("a number")
	}
	if is('e', 'E') {
		if is('+', '-'); !digits() {
			return nil, r.wanted("a number")
		}
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text, nil
}

// space skips white space.
func (r *Reader) space() {
	for len(r.rest) > 0 && (r.rest[0] == ' ' || r.rest[0] == '\n' || r.rest[0] == '\r' || r.rest[0] == '\t') {
		r.rest = r.rest[1:]
	}
}

// take reads a character, if it is next after white space.
func (r *Reader) take(c byte) bool {
	r.space()
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// takeWord reads a word, if it is next after white space. A longer word that begins with it is an error of what follows.
func (r *Reader) takeWord(word string) bool {
	r.space()
	if len(r.rest) < len(word) || string(r.rest[:len(word)]) != word {
		return false
	}
	r.rest = r.rest[len(word):]
	return true
}

func (r *Reader) wanted(what string) error {
	if len(r.rest) == 0 {
		return errEnd
	}
	return r.failed("lacks " + what)
}

func (r *Reader) failed(how string) error {
	return fmt.Errorf("JSON %s at byte %d of %d", how, len(r.all)-len(r.rest), len(r.all))
}

var errEnd = errors.New("JSON ends too early")
