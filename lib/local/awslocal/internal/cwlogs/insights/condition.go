package insights

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// condition reports whether a row matches.
type condition func(*row) bool

// condition reads conditions that or separates, the weakest operator.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
func (p *parser) condition() (condition, error) {
	return p.joined("or", p.conjunction, func(all []condition) condition {
		return func(r *row) bool { return slices.ContainsFunc(all, func(c condition) bool { return c(r) }) }
	})
}

func (p *parser) conjunction() (condition, error) {
	return p.joined("and", p.negation, func(all []condition) condition {
		return func(r *row) bool { return !slices.ContainsFunc(all, func(c condition) bool { return !c(r) }) }
	})
}

// joined reads conditions that an operator separates.
func (p *parser) joined(operator string, read func() (condition, error), join func([]condition) condition) (condition, error) {
	var all []condition
	for {
		c, err := read()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
		if !p.take(operator) {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return join(all), nil
}

func (p *parser) negation() (condition, error) {
	switch {
	case p.take("not"):
		c, err := p.negation()
		return not(c), err
	case p.take("("):
		c, err := p.condition()
		if err != nil {
			return nil, err
		}
		return c, p.expect(")")
	}
	return p.comparison()
}

func not(c condition) condition { return func(r *row) bool { return !c(r) } }

// comparison reads a comparison of a field, or ispresent(field).
func (p *parser) comparison() (condition, error) {
	if p.isCall("ispresent") {
		field, err := p.argument()
		return func(r *row) bool { _, ok := r.value(field); return ok }, err
	}
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	negated := p.take("not")
	c, err := p.comparedWith(left, negated)
	if err == nil && negated {
		return not(c), nil
	}
	return c, err
}

// operand reads a field, or toMillis(field).
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
func (p *parser) operand() (operand, error) {
	if p.isCall("toMillis") {
		t := p.peek()
		field, err := p.argument()
		if err == nil && field != "@timestamp" && field != "@ingestionTime" {
			return nil, problem(t, "toMillis needs a timestamp: %s", field)
		}
		return func(r *row) (string, bool) { return r.millis(field) }, err
	}
	field, err := p.name()
	return func(r *row) (string, bool) { return r.value(field) }, err
}

// isCall reports whether a call of a function is next, and takes its name.
func (p *parser) isCall(function string) bool {
	if !p.peek().is(function) || !p.tokens[1].is("(") {
		return false
	}
	p.next()
	return true
}

// argument reads (field).
func (p *parser) argument() (string, error) {
	if err := p.expect("("); err != nil {
		return "", err
	}
	field, err := p.name()
	if err != nil {
		return "", err
	}
	return field, p.expect(")")
}

// comparedWith reads an operator and what is on its right. Only like and in can be negated.
func (p *parser) comparedWith(left operand, negated bool) (condition, error) {
	operator := p.next()
	switch {
	case operator.is("like"), operator.is("=~") && !negated:
		return p.match(left)
	case operator.is("in"):
		return p.membership(left)
	case negated || operator.kind != symbol || !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, operator.text):
		return nil, unexpected(p.text, operator)
	}
	right, err := p.literal()
	if err != nil {
		return nil, err
	}
	return func(r *row) bool {
		value, ok := left(r)
		if !ok {
			return operator.text == "!="
		}
		return holds(operator.text, compare(value, right))
	}, nil
}

// match reads the text that a value must contain, or the regular expression that it must match.
func (p *parser) match(left operand) (condition, error) {
	t := p.next()
	switch t.kind {
	case literal:
		return func(r *row) bool { value, ok := left(r); return ok && strings.Contains(value, t.text) }, nil
	case regex:
		expression, err := compile(t)
		if err != nil {
			return nil, err
		}
		return func(r *row) bool { value, ok := left(r); return ok && expression.MatchString(value) }, nil
	}
	return nil, unexpected(p.text, t)
}

// compile compiles the regular expression of a token. AWS's syntax is Java's, which has no (?P<name>…).
func compile(t token) (*regexp.Regexp, error) {
	expression, err := regexp.Compile(t.text)
	if err != nil || strings.Contains(t.text, "(?P") {
		return nil, problem(t, "Invalid regular expression: %s", t.text)
	}
	return expression, nil
}

// membership reads a list of values in brackets.
func (p *parser) membership(left operand) (condition, error) {
	if err := p.expect("["); err != nil {
		return nil, err
	}
	values, err := list(p, p.literal)
	if err != nil {
		return nil, err
	}
	return func(r *row) bool {
		value, ok := left(r)
		return ok && slices.ContainsFunc(values, func(one string) bool { return compare(value, one) == 0 })
	}, p.expect("]")
}

// literal reads text in quotes, or a number.
func (p *parser) literal() (string, error) {
	t := p.next()
	if t.kind == literal || t.kind == word && isNumber(t.text) {
		return t.text, nil
	}
	return "", unexpected(p.text, t)
}

// compare compares two values: as numbers if both are, and otherwise as text.
func compare(a, b string) int {
	x, isNumber := number(a)
	y, bothNumbers := number(b)
	if isNumber && bothNumbers {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}

// number returns the number that a text is. Go's special forms, such as Inf or 0x1p-2, are not numbers.
func number(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789.eE+-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// holds reports whether the result of a comparison satisfies an operator.
func holds(operator string, result int) bool {
	switch operator {
	case "=":
		return result == 0
	case "!=":
		return result != 0
	case "<":
		return result < 0
	case "<=":
		return result <= 0
	case ">":
		return result > 0
	default:
		return result >= 0
	}
}
