package expr

import (
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// maxDepth is how many elements a path may have: attributes are nested up to 32 levels deep.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxDepth = 32

// path reads the name of an attribute, or the way to a part of one.
func (p *parser) path() (*node, error) {
	n := &node{form: pathForm}
	for {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		n.path = append(n.path, step{name: name, index: -1})
		for p.accept("[") {
			t := p.peek()
			index, err := strconv.Atoi(t.text)
			if t.kind != number || err != nil {
				return nil, p.unexpected()
			}
			p.at++
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			n.path = append(n.path, step{index: index})
		}
		if !p.accept(".") {
			break
		}
	}
	if len(n.path) > maxDepth {
		return nil, attr.Errorf("The document path has too many nesting elements; nesting elements: %d", len(n.path))
	}
	return n, nil
}

// name reads the name of an attribute: "The first character is a-z or A-Z", or a substitute.
func (p *parser) name() (string, error) {
	t := p.peek()
	switch {
	case t.kind == nameRef:
		p.at++
		name, err := p.context.name(t.text)
		p.faults.note(&p.faults.reference, err)
		return name, nil
	case t.kind != word || keyword(t) || !letter(t.text[0]):
		return "", p.unexpected()
	}
	p.at++
	if reserved(t.text) {
		p.faults.note(&p.faults.reservedWord, attr.Errorf("Attribute name is a reserved keyword; reserved keyword: %s", t.text))
	}
	return t.text, nil
}
