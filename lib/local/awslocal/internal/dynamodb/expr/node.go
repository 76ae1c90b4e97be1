package expr

import (
	"slices"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// form is what a node is.
type form int

const (
	pathForm    form = iota // an attribute, or a part of one
	literalForm             // a value of ExpressionAttributeValues
	callForm                // a function
	compareForm             // =, <>, <, <=, > or >=
	betweenForm
	inForm
	andForm
	orForm
	notForm
)

// node is a part of an expression.
type node struct {
	form    form
	name    string // of a function, or the comparator
	path    []step
	literal attr.Value
	args    []*node
	parens  int // how many parentheses are around it
}

// step is one step of a path: the name of an attribute or of a member, or an index.
type step struct {
	name  string
	index int // -1: name
}

func (s step) String() string {
	if s.index < 0 {
		return s.name
	}
	return "[" + strconv.Itoa(s.index) + "]"
}

func (n *node) pathString() string {
	var steps []string
	for _, s := range n.path {
		steps = append(steps, s.String())
	}
	return "[" + strings.Join(steps, ", ") + "]"
}

// value returns what an operand stands for in an item, if anything.
func (n *node) value(item attr.Item) (attr.Value, bool) {
	switch n.form {
	case literalForm:
		return n.literal, true
	case callForm:
		v, ok := n.args[0].value(item)
		if !ok {
			return v, false
		}
		return v.Length()
	}
	v, ok := item[n.path[0].name]
	for _, s := range n.path[1:] {
		if !ok {
			break
		}
		if s.index < 0 {
			v, ok = v.Member(s.name)
		} else {
			v, ok = v.At(s.index)
		}
	}
	return v, ok
}

// holds evaluates a condition.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
func (n *node) holds(item attr.Item) bool {
	switch n.form {
	case andForm:
		return n.args[0].holds(item) && n.args[1].holds(item)
	case orForm:
		return n.args[0].holds(item) || n.args[1].holds(item)
	case notForm:
		return !n.args[0].holds(item)
	case compareForm:
		return n.compare(item)
	case betweenForm:
		v, ok := n.args[0].value(item)
		low, lowOK := n.args[1].value(item)
		high, highOK := n.args[2].value(item)
		return ok && lowOK && highOK && ordered(v, ">=", low) && ordered(v, "<=", high)
	case inForm:
		v, ok := n.args[0].value(item)
		return ok && slices.ContainsFunc(n.args[1:], func(arg *node) bool {
			other, found := arg.value(item)
			return found && attr.Equal(v, other)
		})
	}
	return n.call(item)
}

// compare evaluates a comparison. Values of different types are not equal, and neither is before the other. A missing attribute is unequal to every
// value.
func (n *node) compare(item attr.Item) bool {
	a, aOK := n.args[0].value(item)
	b, bOK := n.args[1].value(item)
	switch n.name {
	case "=":
		return aOK && bOK && attr.Equal(a, b)
	case "<>":
		return !aOK || !bOK || !attr.Equal(a, b)
	}
	return aOK && bOK && ordered(a, n.name, b)
}

func ordered(a attr.Value, comparator string, b attr.Value) bool {
	if a.Type != b.Type || !a.Type.Scalar() {
		return false
	}
	order := attr.Compare(a, b)
	switch comparator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// call evaluates a function that returns whether something holds.
func (n *node) call(item attr.Item) bool {
	v, ok := n.args[0].value(item)
	switch n.name {
	case "attribute_exists":
		return ok
	case "attribute_not_exists":
		return !ok
	}
	other, otherOK := n.args[1].value(item)
	if !ok || !otherOK {
		return false
	}
	switch n.name {
	case "attribute_type":
		return string(v.Type) == other.Text()
	case "begins_with":
		return v.HasPrefix(other)
	}
	return v.Contains(other)
}
