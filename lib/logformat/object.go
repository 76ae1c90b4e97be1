package logformat

import (
	"encoding/json"

	"heroku-drains/lib/strictjson"
)

// object is a JSON object, read without a copy of its members. The memory is reused.
type object struct {
	text    []byte
	at      int
	members []member
	escaped bool // a name has an escape
}

// member is a member of an object, as positions in its text.
type member struct{ start, nameEnd, valueStart, valueEnd int }

// name returns the name as it is written, with its quotes.
func (m member) name(text []byte) []byte { return text[m.start:m.nameEnd] }

func (m member) value(text []byte) []byte { return text[m.valueStart:m.valueEnd] }

const (
	// maxDepth is how deep objects and lists may be nested, as in encoding/json.
	maxDepth = 10_000
	// usualMembers is more than a usual line has.
	usualMembers = 1000
)

// read reads an object, and reports whether the text is one. Like encoding/json, it accepts what RFC 8259 defines.
func (o *object) read(text []byte) bool {
	if cap(o.members) > usualMembers {
		o.members = nil // it was for one line
	}
	o.text, o.at, o.members, o.escaped = text, 0, o.members[:0], false
	return len(text) > 0 && text[0] == '{' && o.readObject(1) && o.at == len(text)
}

// readObject reads an object at the current position. Its depth is 1 for that whose members are kept.
func (o *object) readObject(depth int) bool {
	if depth > maxDepth {
		return false
	}
	o.at++
	if o.space() == '}' {
		o.at++
		return true
	}
	for {
		m := member{start: o.at}
		plain, ok := o.string()
		if !ok {
			return false
		}
		m.nameEnd = o.at
		if o.space() != ':' {
			return false
		}
		o.at++
		o.space()
		m.valueStart = o.at
		if !o.value(depth) {
			return false
		}
		m.valueEnd = o.at
		if depth == 1 {
			o.members = append(o.members, m)
			o.escaped = o.escaped || !plain
		}
		switch o.space() {
		case ',':
			o.at++
			o.space()
		case '}':
			o.at++
			return true
		default:
			return false
		}
	}
}

func (o *object) list(depth int) bool {
	if depth > maxDepth {
		return false
	}
	o.at++
	if o.space() == ']' {
		o.at++
		return true
	}
	for {
		if !o.value(depth) {
			return false
		}
		switch o.space() {
		case ',':
			o.at++
			o.space()
		case ']':
			o.at++
			return true
		default:
			return false
		}
	}
}

// value reads a value inside an object or a list of this depth.
func (o *object) value(depth int) bool {
	switch c := o.current(); {
	case c == '"':
		_, ok := o.string()
		return ok
	case c == '{':
		return o.readObject(depth + 1)
	case c == '[':
		return o.list(depth + 1)
	case c == 't':
		return o.literal("true")
	case c == 'f':
		return o.literal("false")
	case c == 'n':
		return o.literal("null")
	case c == '-' || isDigit(c):
		n := numberLength(o.text[o.at:])
		o.at += n
		return n > 0
	}
	return false
}

// current returns the byte at the current position; 0 at the end, which no JSON contains outside of strings.
func (o *object) current() byte {
	if o.at == len(o.text) {
		return 0
	}
	return o.text[o.at]
}

// space skips white space, and returns what follows.
func (o *object) space() byte {
	for o.at < len(o.text) {
		switch c := o.text[o.at]; c {
		case ' ', '\t', '\n', '\r':
			o.at++
		default:
			return c
		}
	}
	return 0
}

func (o *object) literal(word string) bool {
	end := o.at + len(word)
	if end > len(o.text) || string(o.text[o.at:end]) != word {
		return false
	}
	o.at = end
	return true
}

// string reads a string, and reports whether it has no escapes.
func (o *object) string() (plain, ok bool) {
	if o.current() != '"' {
		return false, false
	}
	o.at++
	plain = true
	for o.at < len(o.text) {
		c := o.text[o.at]
		o.at++
		switch {
		case c == '"':
			return plain, true
		case c < ' ':
			return false, false
		case c == '\\':
			if plain = false; !o.escape() {
				return false, false
			}
		}
	}
	return false, false
}

// escape reads what follows a backslash.
func (o *object) escape() bool {
	c := o.current()
	o.at++
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		const digits = 4
		if o.at+digits > len(o.text) {
			return false
		}
		for _, c := range o.text[o.at : o.at+digits] {
			if !isDigit(c) && (c|0x20 < 'a' || 'f' < c|0x20) {
				return false
			}
		}
		o.at += digits
		return true
	}
	return false
}

// numberLength returns the length of the number that a text begins with; 0 if there is none.
// https://www.rfc-editor.org/rfc/rfc8259#section-6
func numberLength(text []byte) int {
	at := 0
	digits := func() bool {
		start := at
		for at < len(text) && isDigit(text[at]) {
			at++
		}
		return at > start
	}
	is := func(c byte) bool { return at < len(text) && text[at] == c }
	if is('-') {
		at++
	}
	if is('0') {
		at++
	} else if !digits() {
		return 0
	}
	if is('.') {
		if at++; !digits() {
			return 0
		}
	}
	if is('e') || is('E') {
		if at++; is('+') || is('-') {
			at++
		}
		if !digits() {
			return 0
		}
	}
	return at
}

// unquoted returns the text of a JSON string.
func unquoted(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	for _, c := range inner {
		if c == '\\' {
			if text, err := strictjson.New(quoted).String(); err == nil {
				return text
			}
			var text string
			_ = json.Unmarshal(quoted, &text) // it is a string, with invalid UTF-8
			return []byte(text)
		}
	}
	return inner
}
