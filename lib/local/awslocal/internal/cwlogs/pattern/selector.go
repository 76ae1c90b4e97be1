package pattern

import (
	"strconv"
	"strings"
)

var errWildcards = &Error{
	Message: "Your filter pattern has a JSON path selector that exceeds the maximum of 1 wildcard allowed per json selector.",
}

// selector is a path through a JSON object, such as $.users[0].name, $.['dotted.name'], $.items[*].id or $.*
type selector []step

type step struct {
	name  string // the name of a member, if index is negative
	index int    // the index of an element, if not negative
	any   bool   // every member and every element
}

// selector parses the path at the position. Its first step is a member.
func (s *scanner) selector() (selector, error) {
	start := s.pos
	if !s.take("$") {
		return nil, s.unexpected()
	}
	var path selector
	for {
		var next step
		var err error
		switch {
		case s.take("."):
			next, err = s.member(start)
		case len(path) > 0 && strings.HasPrefix(s.rest(), "["):
			next, err = s.element()
		case len(path) == 0:
			return nil, s.bad(start)
		default:
			if path.wildcards() > 1 {
				return nil, errWildcards
			}
			return path, nil
		}
		if err != nil {
			return nil, err
		}
		path = append(path, next)
	}
}

func (s *scanner) member(start int) (step, error) {
	if s.take("*") {
		return step{index: -1, any: true}, nil
	}
	if s.take("['") {
		name, _, closed := strings.Cut(s.rest(), "']")
		if !closed || name == "" {
			return step{}, badTerm(s.text[start:])
		}
		s.pos += len(name) + len("']")
		return step{index: -1, name: name}, nil
	}
	name := s.run(func(c byte) bool { return isTermByte(c) || c == '-' })
	if name == "" {
		return step{}, s.bad(start)
	}
	return step{index: -1, name: name}, nil
}

func (s *scanner) element() (step, error) {
	start := s.pos
	s.pos++
	next := step{index: -1}
	if next.any = s.take("*"); !next.any {
		var err error
		if next.index, err = strconv.Atoi(s.run(isDigit)); err != nil {
			return step{}, s.bad(start)
		}
	}
	if !s.take("]") {
		return step{}, s.bad(start)
	}
	return next, nil
}

func (p selector) wildcards() int {
	n := 0
	for _, next := range p {
		if next.any {
			n++
		}
	}
	return n
}

// find returns the nodes that the path selects. Without a wildcard, that is at most one.
func (p selector) find(node any) []any {
	if len(p) == 0 {
		return []any{node}
	}
	next, rest := p[0], p[1:]
	var found []any
	switch node := node.(type) {
	case map[string]any:
		if next.any {
			for _, child := range node {
				found = append(found, rest.find(child)...)
			}
		} else if child, ok := node[next.name]; ok && next.index < 0 {
			return rest.find(child)
		}
	case []any:
		if next.any {
			for _, child := range node {
				found = append(found, rest.find(child)...)
			}
		} else if next.index >= 0 && next.index < len(node) {
			return rest.find(node[next.index])
		}
	}
	return found
}
