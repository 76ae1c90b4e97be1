package expr

import (
	"strings"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// The limits of an expression.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
const (
	maxBytes     = 4096
	maxOperators = 300
	maxOperands  = 100 // of IN
)

// parser reads an expression, by recursive descent. The first error ends it.
type parser struct {
	text      string
	tokens    []token
	at        int
	context   *Context
	operators int
	faults    faults
}

// parse reads a condition.
func parse(text string, context *Context) (*node, error) {
	if text == "" {
		return nil, attr.Errorf("The expression can not be empty;")
	}
	if len(text) > maxBytes {
		return nil, attr.Errorf("Expression size has exceeded the maximum allowed size; expression size: %d", len(text))
	}
	p := &parser{text: text, tokens: tokenize(text), context: context}
	n, err := p.or()
	if err == nil && (p.peek().kind != end || n.form == pathForm || n.form == literalForm) {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	if p.operators > maxOperators {
		return nil, attr.Errorf("The expression contains too many operators; operator count: %d", p.operators)
	}
	p.faults.condition(n)
	return n, p.faults.first()
}

func (p *parser) peek() token       { return p.tokens[p.at] }
func (p *parser) unexpected() error { return syntaxError(p.text, p.tokens, p.at) }

// accept takes the next token if it is a keyword or an operator.
func (p *parser) accept(text string) bool {
	if !p.peek().is(text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return p.unexpected()
	}
	return nil
}

func (p *parser) or() (*node, error)  { return p.joined("OR", orForm, p.and) }
func (p *parser) and() (*node, error) { return p.joined("AND", andForm, p.not) }

func (p *parser) joined(keyword string, form form, part func() (*node, error)) (*node, error) {
	left, err := part()
	for err == nil && p.peek().is(keyword) && (left.form != pathForm && left.form != literalForm) {
		p.at++
		p.operators++
		var right *node
		if right, err = part(); err != nil {
			break
		}
		if right.form == pathForm || right.form == literalForm {
			return nil, p.unexpected()
		}
		left = &node{form: form, name: keyword, args: []*node{left, right}}
	}
	return left, err
}

func (p *parser) not() (*node, error) {
	if !p.accept("NOT") {
		return p.relation()
	}
	p.operators++
	n, err := p.not()
	if err != nil {
		return nil, err
	}
	if n.form == pathForm || n.form == literalForm {
		return nil, p.unexpected()
	}
	return &node{form: notForm, name: "NOT", args: []*node{n}}, nil
}

// relation reads an operand with what it is compared with, or a whole condition.
func (p *parser) relation() (*node, error) {
	left, err := p.primary()
	if err != nil || left.form > callForm {
		return left, err
	}
	switch t := p.peek(); {
	case t.kind == operator && strings.Contains(" = <> < <= > >= ", " "+t.text+" "):
		p.at++
		p.operators++
		right, err := p.operand()
		return &node{form: compareForm, name: t.text, args: []*node{left, right}}, err
	case p.accept("BETWEEN"):
		p.operators++
		low, err := p.operand()
		if err == nil {
			err = p.expect("AND")
		}
		if err != nil {
			return nil, err
		}
		high, err := p.operand()
		return &node{form: betweenForm, name: "BETWEEN", args: []*node{left, low, high}}, err
	case p.accept("IN"):
		p.operators++
		if err := p.expect("("); err != nil {
			return nil, err
		}
		list, err := p.arguments()
		if err == nil && len(list) > maxOperands {
			err = attr.Errorf("Invalid number of operands for operator or function; operator: IN, number of operands: %d", len(list)+1)
		}
		return &node{form: inForm, name: "IN", args: append([]*node{left}, list...)}, err
	}
	return left, nil
}

// operand reads what is compared.
func (p *parser) operand() (*node, error) {
	n, err := p.primary()
	if err == nil && n.form > callForm {
		err = p.unexpected()
	}
	return n, err
}

// primary reads what is in parentheses, a function, a value or a path.
func (p *parser) primary() (*node, error) {
	t := p.peek()
	switch {
	case p.accept("("):
		n, err := p.or()
		if err == nil {
			err = p.expect(")")
		}
		if err != nil {
			return nil, err
		}
		n.parens++
		if n.parens > 1 {
			p.faults.parens = attr.Errorf("The expression has redundant parentheses;")
		}
		return n, nil
	case t.kind == valueRef:
		p.at++
		return &node{form: literalForm, name: t.text, literal: p.value(t.text)}, nil
	case t.kind == word && p.tokens[p.at+1].is("(") && !keyword(t):
		p.at += 2
		args, err := p.arguments()
		return &node{form: callForm, name: t.text, args: args}, err
	}
	return p.path()
}

// arguments reads operands up to the closing parenthesis.
func (p *parser) arguments() (args []*node, err error) {
	for {
		n, err := p.operand()
		if err != nil {
			return nil, err
		}
		args = append(args, n)
		if !p.accept(",") {
			return args, p.expect(")")
		}
	}
}

func keyword(t token) bool {
	return t.is("AND") || t.is("OR") || t.is("NOT") || t.is("BETWEEN") || t.is("IN")
}

func (p *parser) value(ref string) attr.Value {
	v, err := p.context.value(ref)
	p.faults.note(&p.faults.reference, err)
	return v
}
