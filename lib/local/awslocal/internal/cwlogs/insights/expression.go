package insights

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// operand returns a value of a row, or false if the row has no such value.
type operand func(*row) (string, bool)

// column reads what the command fields adds to the results: a field, or a function with the name of the new field that has its value.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Fields.html
func (p *parser) column() (string, error) {
	if !p.atFunction() {
		return p.name()
	}
	value, err := p.call()
	if err != nil {
		return "", err
	}
	if err := p.expect("as"); err != nil {
		return "", err
	}
	name, err := p.define()
	p.query.perRow = append(p.query.perRow, func(r *row) bool {
		if text, ok := value(r); ok {
			r.values[name] = text
		}
		return true
	})
	return name, err
}

// atFunction reports whether a function is next.
func (p *parser) atFunction() bool { return p.peek().kind == word && p.tokens[1].is("(") }

// call reads a call of a function.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
func (p *parser) call() (operand, error) {
	t := p.next()
	apply, known := map[string]func([]operand) operand{"coalesce": coalesce, "concat": concat, "strlen": strlen}[strings.ToLower(t.text)]
	if !known {
		return nil, unexpected(p.text, t)
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	arguments, err := list(p, p.value)
	if err != nil {
		return nil, err
	}
	if t.is("strlen") && len(arguments) > 1 {
		return nil, problem(t, "strlen takes one argument, not %d", len(arguments))
	}
	return apply(arguments), p.expect(")")
}

// value reads an argument of a function: a field, text in quotes, or another function.
func (p *parser) value() (operand, error) {
	switch {
	case p.peek().kind == literal:
		text := p.next().text
		return func(*row) (string, bool) { return text, true }, nil
	case p.atFunction():
		return p.call()
	}
	name, err := p.name()
	return func(r *row) (string, bool) { return r.value(name) }, err
}

// coalesce returns the first value that is present.
func coalesce(arguments []operand) operand {
	return func(r *row) (string, bool) {
		for _, argument := range arguments {
			if text, ok := argument(r); ok {
				return text, true
			}
		}
		return "", false
	}
}

// concat joins its arguments. AWS's documentation does not say what a missing one does; here, the result is missing.
func concat(arguments []operand) operand {
	return func(r *row) (string, bool) {
		var all strings.Builder
		for _, argument := range arguments {
			text, ok := argument(r)
			if !ok {
				return "", false
			}
			all.WriteString(text)
		}
		return all.String(), true
	}
}

// strlen returns the length of its argument in Unicode code points.
func strlen(arguments []operand) operand {
	return func(r *row) (string, bool) {
		text, ok := arguments[0](r)
		return strconv.Itoa(utf8.RuneCountInString(text)), ok
	}
}
