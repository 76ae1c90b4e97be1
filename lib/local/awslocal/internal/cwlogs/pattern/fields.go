package pattern

import (
	"fmt"
	"slices"
	"strings"
)

var errOpenBracket = &Error{Message: "If a filter pattern starts with '[' it must end with ']'"}

// fields matches an event by the words of its line, in order.
type fields struct {
	list     []fieldCondition // a nil condition matches any value
	ellipsis int              // the number of conditions before the "...", or -1 if there is none
}

type fieldCondition func(value) bool

type fieldParser struct {
	*scanner
	names   []string
	regexes int
}

func parseFields(text string) (matcher, error) {
	if len(text) < 2 || !strings.HasSuffix(text, "]") {
		return nil, errOpenBracket
	}
	p := &fieldParser{scanner: &scanner{text: text[1 : len(text)-1]}}
	f := fields{ellipsis: -1}
	if p.skipSpace(); p.done() {
		f.ellipsis = 0 // [] matches every event
		return f, nil
	}
	for {
		if p.skipSpace(); p.take("...") {
			if err := p.declare("..."); err != nil {
				return nil, err
			}
			f.ellipsis = len(f.list)
		} else {
			field, err := p.field()
			if err != nil {
				return nil, err
			}
			f.list = append(f.list, field)
		}
		if p.skipSpace(); p.done() {
			break
		}
		if !p.take(",") {
			return nil, p.unexpected()
		}
	}
	if p.regexes > maxRegexes {
		return nil, errTooManyRegexes
	}
	return f, nil
}

// declare adds a field's name, which must be unique unless it is empty.
func (p *fieldParser) declare(name string) error {
	if name != "" && slices.Contains(p.names, name) {
		return &Error{Message: fmt.Sprintf("Duplicate field '%s'", name)}
	}
	p.names = append(p.names, name)
	return nil
}

// field parses a name, or conditions on one field that all repeat its name: status = 404 || status = 410.
func (p *fieldParser) field() (fieldCondition, error) {
	start := p.pos
	name := p.run(isTermByte)
	if err := p.declare(name); err != nil {
		return nil, err
	}
	p.skipSpace()
	if p.done() || strings.HasPrefix(p.rest(), ",") {
		return nil, nil
	}
	if name == "" {
		return nil, p.unexpected()
	}
	p.pos = start // the first condition starts with the name
	l := &logic[fieldCondition]{s: p.scanner,
		operand: func() (fieldCondition, error) { return p.condition(name) },
		all: func(left, right fieldCondition) fieldCondition {
			return func(v value) bool { return left(v) && right(v) }
		},
		any: func(left, right fieldCondition) fieldCondition {
			return func(v value) bool { return left(v) || right(v) }
		},
	}
	return l.expression()
}

func (p *fieldParser) condition(name string) (fieldCondition, error) {
	p.skipSpace()
	if got := p.run(isTermByte); got != name {
		if got == "" {
			return nil, p.unexpected()
		}
		return nil, errInvalid // a condition on another field
	}
	p.skipSpace()
	c, err := p.scanner.condition()
	if c.regex != nil {
		p.regexes++
	}
	return c.holds, err
}

func (f fields) match(message string) bool {
	words := split(message)
	if len(words) < len(f.list) {
		return false
	}
	for i, holds := range f.list {
		at, last := i, i == len(f.list)-1
		if f.ellipsis >= 0 && i >= f.ellipsis {
			at = len(words) - len(f.list) + i
		}
		text := words[at].text
		if last && f.ellipsis < 0 && at < len(words)-1 {
			text = strings.TrimRight(message[words[at].start:], " \t\r\n") // the last field contains the rest of the line
		}
		if holds != nil && !holds(textValue(text)) {
			return false
		}
	}
	return true
}
