package pattern

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// maxWildcards is the largest number of wildcards in all selectors of a pattern.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-json-log-events
const maxWildcards = 3

var (
	errOpenBrace        = &Error{Message: "If a filter pattern starts with '{' it must end with '}'"}
	errTooManyWildcards = &Error{Message: "Your input has exceeded the maximum of 3 JSON wildcard selectors allowed per filter pattern."}
)

// object is a condition on events that are JSON objects. It matches no other events.
type object func(root map[string]any) bool

func (o object) match(message string) bool {
	d := json.NewDecoder(strings.NewReader(message))
	d.UseNumber() // numbers are also compared as text
	var root map[string]any
	if d.Decode(&root) != nil || root == nil {
		return false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return false
	}
	return o(root)
}

type jsonParser struct {
	*scanner
	logic              *logic[object]
	wildcards, regexes int
}

func parseJSON(text string) (matcher, error) {
	if len(text) < 2 || !strings.HasSuffix(text, "}") {
		return nil, errOpenBrace
	}
	p := &jsonParser{scanner: &scanner{text: text[1 : len(text)-1]}}
	p.logic = &logic[object]{s: p.scanner, operand: p.operand,
		all: func(left, right object) object {
			return func(root map[string]any) bool { return left(root) && right(root) }
		},
		any: func(left, right object) object {
			return func(root map[string]any) bool { return left(root) || right(root) }
		},
	}
	whole, err := p.logic.expression()
	switch {
	case err != nil:
		return nil, err
	case !p.done():
		return nil, p.unexpected()
	case p.wildcards > maxWildcards:
		return nil, errTooManyWildcards
	case p.regexes > maxRegexes:
		return nil, errTooManyRegexes
	}
	return whole, nil
}

// operand parses a condition or an expression in parentheses.
func (p *jsonParser) operand() (object, error) {
	p.skipSpace()
	if !p.take("(") {
		return p.comparison()
	}
	inner, err := p.logic.expression()
	if err == nil && !p.take(")") {
		err = p.unexpected()
	}
	return inner, err
}

func (p *jsonParser) comparison() (object, error) {
	at, err := p.selector()
	if err != nil {
		return nil, err
	}
	p.wildcards += at.wildcards()
	p.skipSpace()
	switch word := p.run(isAlphanumeric); word {
	case "":
		c, err := p.condition()
		if c.regex != nil {
			p.regexes++
		}
		return func(root map[string]any) bool {
			return slices.ContainsFunc(at.find(root), func(node any) bool { return scalarHolds(c, node) })
		}, err
	case "IS":
		p.skipSpace()
		return is(at, p.run(isAlphanumeric))
	case "NOT":
		p.skipSpace()
		if p.run(isAlphanumeric) == "EXISTS" {
			return func(root map[string]any) bool { return len(at.find(root)) == 0 }, nil
		}
	}
	return nil, errInvalid // such as IS NOT and EXISTS, which AWS does not support
}

// scalarHolds reports whether a condition holds for a string or a number. No condition holds for a boolean, null, an array or an object,
// not even !=.
func scalarHolds(c condition, node any) bool {
	switch node := node.(type) {
	case string:
		return c.holds(value{text: node})
	case json.Number:
		return c.holds(textValue(node.String()))
	default:
		return false
	}
}

// is returns the condition IS NULL, IS TRUE or IS FALSE. As on AWS, it also holds for an array with such an element.
func is(at selector, word string) (object, error) {
	literals := map[string]any{"NULL": nil, "TRUE": true, "FALSE": false}
	literal, known := literals[word]
	if !known {
		return nil, errInvalid
	}
	same := func(node any) bool { return isLiteral(node) && node == literal }
	return func(root map[string]any) bool {
		return slices.ContainsFunc(at.find(root), func(node any) bool {
			elements, _ := node.([]any)
			return same(node) || slices.ContainsFunc(elements, same)
		})
	}, nil
}

// isLiteral reports whether node is null or a boolean. It prevents comparing arrays and objects, which would panic.
func isLiteral(node any) bool {
	_, boolean := node.(bool)
	return boolean || node == nil
}
