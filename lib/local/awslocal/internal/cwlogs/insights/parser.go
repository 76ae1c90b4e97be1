package insights

import (
	"slices"
	"strconv"
	"strings"
)

// parser reads the tokens of a query.
type parser struct {
	text   string
	tokens []token
	query  *Query
}

func (p *parser) peek() token { return p.tokens[0] }

// next takes a token. The last one, of kind end, stays.
func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// take takes a keyword or a symbol if it is next, and reports whether it was.
func (p *parser) take(text string) bool {
	if !p.peek().is(text) {
		return false
	}
	p.next()
	return true
}

// expect takes a keyword or a symbol that must be next.
func (p *parser) expect(text string) error {
	if !p.take(text) {
		return unexpected(p.text, p.peek())
	}
	return nil
}

// stage is how far the commands of a query have come: their order is fixed, so that limit counts sorted rows and nothing follows it.
type stage int

const (
	rows stage = iota
	aggregated
	sorted
	limited
)

// commands reads all commands, which | separates.
func (p *parser) commands() error {
	reached := rows
	for {
		command := p.next()
		if command.kind != word {
			return unexpected(p.text, command)
		}
		var err error
		switch name := strings.ToLower(command.text); {
		case name == "fields" && reached == rows:
			err = p.fields(p.column)
		case name == "fields" && reached < limited:
			err = p.fields(p.name)
		case name == "display" && reached < limited:
			p.query.fields = nil // it replaces the results' fields
			err = p.fields(p.name)
		case name == "filter" && reached <= aggregated:
			err = p.filter(reached)
		case name == "parse" && reached == rows:
			err = p.parse()
		case name == "stats" && reached == rows:
			reached = aggregated
			err = p.stats()
		case name == "sort" && reached < sorted:
			reached = sorted
			err = p.sort()
		case name == "limit" && reached < limited:
			reached = limited
			err = p.limit()
		default:
			return unexpected(p.text, command)
		}
		if err != nil {
			return err
		}
		if p.peek().kind == end {
			return nil
		}
		if err := p.expect("|"); err != nil {
			return err
		}
	}
}

// fields reads columns, and adds them to the fields of the results.
func (p *parser) fields(column func() (string, error)) error {
	names, err := list(p, column)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !slices.Contains(p.query.fields, name) {
			p.query.fields = append(p.query.fields, name)
		}
	}
	return nil
}

func (p *parser) filter(reached stage) error {
	keep, err := p.condition()
	if err != nil {
		return err
	}
	if reached == rows {
		p.query.perRow = append(p.query.perRow, step(keep))
	} else {
		p.query.having = append(p.query.having, step(keep))
	}
	return nil
}

// sort reads the fields to sort by. Each needs its direction: AWS's documentation does not say what the default is.
func (p *parser) sort() (err error) {
	p.query.sort, err = list(p, func() (order, error) {
		name, err := p.name()
		if err != nil {
			return order{}, err
		}
		switch direction := p.next(); {
		case direction.is("asc"):
			return order{field: name}, nil
		case direction.is("desc"):
			return order{field: name, descending: true}, nil
		default:
			return order{}, unexpected(p.text, direction)
		}
	})
	return err
}

func (p *parser) limit() error {
	t := p.next()
	if t.kind != word {
		return unexpected(p.text, t)
	}
	n, err := strconv.Atoi(t.text)
	if err != nil || n < 1 || n > DefaultLimit {
		return problem(t, "limit must be a number from 1 to %d: %s", DefaultLimit, t.text)
	}
	p.query.limit = n
	return nil
}

// name reads the name of a field.
func (p *parser) name() (string, error) {
	t := p.next()
	if t.kind == quoted && t.text != "" || t.kind == word && !isNumber(t.text) && !isKeyword(t.text) {
		if p.peek().is("(") {
			return "", unexpected(p.text, p.peek()) // a function
		}
		return t.text, nil
	}
	return "", unexpected(p.text, t)
}

// define reads the name of a new field. As on AWS, a name can be defined only once.
func (p *parser) define() (string, error) {
	t := p.peek()
	name, err := p.name()
	if err != nil {
		return "", err
	}
	if p.query.defined[name] {
		return "", problem(t, "Ephemeral field already defined: %s", name)
	}
	p.query.defined[name] = true
	return name, nil
}

// list reads one or more items that commas separate.
func list[T any](p *parser, item func() (T, error)) ([]T, error) {
	var items []T
	for {
		i, err := item()
		if err != nil {
			return nil, err
		}
		items = append(items, i)
		if !p.take(",") {
			return items, nil
		}
	}
}

// isKeyword reports whether a word is part of the language, and so not the name of a field.
func isKeyword(text string) bool {
	switch strings.ToLower(text) {
	case "and", "or", "not", "like", "in", "as", "by", "asc", "desc":
		return true
	}
	return false
}

func isNumber(text string) bool {
	_, ok := number(text)
	return ok
}
