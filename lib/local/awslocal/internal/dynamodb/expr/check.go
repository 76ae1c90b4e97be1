package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// faults are what is wrong with an expression that can be read: the first of each kind. DynamoDB reports one of them.
type faults struct {
	parens, function, misuse, reservedWord, reference, operands, distinct, operandType error
}

// first returns the fault that DynamoDB reports.
func (f *faults) first() error {
	for _, err := range []error{f.parens, f.function, f.misuse, f.reservedWord, f.reference, f.operands, f.distinct, f.operandType} {
		if err != nil {
			return err
		}
	}
	return nil
}

// note keeps the first fault of a kind.
func (f *faults) note(kind *error, err error) {
	if *kind == nil {
		*kind = err
	}
}

// operandCounts are the functions, with the number of their operands.
var operandCounts = map[string]int{
	"attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2, "size": 1,
}

// condition notes the faults of a node that stands for a condition.
func (f *faults) condition(n *node) {
	switch n.form {
	case andForm, orForm, notForm:
		for _, arg := range n.args {
			f.condition(arg)
		}
		return
	case callForm:
		if n.name == "size" {
			f.misused(n)
		}
		f.call(n)
		return
	}
	for _, arg := range n.args {
		f.operand(arg)
	}
	switch n.form {
	case compareForm:
		f.same(n)
		if n.name != "=" && n.name != "<>" {
			f.scalars(n, n.args)
		}
	case betweenForm:
		f.scalars(n, n.args)
		f.bounds(n.args[1], n.args[2])
	}
}

// operand notes the faults of a node that stands for a value.
func (f *faults) operand(n *node) {
	if n.form != callForm {
		return
	}
	if n.name != "size" {
		f.misused(n)
	}
	f.call(n)
}

func (f *faults) misused(n *node) {
	if _, known := operandCounts[n.name]; known {
		f.note(&f.misuse, attr.Errorf("The function is not allowed to be used this way in an expression; function: %s", n.name))
	}
}

func (f *faults) call(n *node) {
	want, known := operandCounts[n.name]
	switch {
	case !known:
		f.note(&f.function, attr.Errorf("Invalid function name; function: %s", n.name))
		return
	case want != len(n.args):
		f.note(&f.operands, attr.Errorf("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d",
			n.name, len(n.args)))
		return
	}
	for _, arg := range n.args {
		f.operand(arg)
	}
	f.same(n)
	switch n.name {
	case "attribute_exists", "attribute_not_exists":
		if n.args[0].form != pathForm {
			f.note(&f.operandType, attr.Errorf("Operator or function requires a document path; operator or function: %s", n.name))
		}
	case "begins_with":
		f.types(n, n.args, attr.Text, attr.Binary)
	case "size":
		f.types(n, n.args, attr.Text, attr.Binary, attr.Texts, attr.Numbers, attr.Blobs, attr.List, attr.Map)
	case "attribute_type":
		f.typeName(n)
	}
}

// typeName notes the faults of the second operand of attribute_type, which must be a literal.
func (f *faults) typeName(n *node) {
	arg := n.args[1]
	switch {
	case arg.form != literalForm:
		f.note(&f.operandType, attr.Errorf("Incorrect operand type for operator or function; operator or function: %s, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}",
			n.name))
	case arg.literal.Type != attr.Text:
		f.types(n, n.args[1:], attr.Text)
	case !slices.Contains(strings.Fields("S N B NULL SS BOOL L BS NS M"), arg.literal.Text()):
		f.note(&f.operandType, attr.Errorf("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", arg.literal.Text()))
	}
}

// types notes an operand whose type is known and not among those that an operator accepts.
func (f *faults) types(n *node, operands []*node, accepted ...attr.Type) {
	for _, o := range operands {
		if t := o.typ(); t != "" && !slices.Contains(accepted, t) {
			f.note(&f.operandType, attr.Errorf("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", n.name, t))
		}
	}
}

func (f *faults) scalars(n *node, operands []*node) {
	f.types(n, operands, attr.Text, attr.Numeric, attr.Binary)
}

// typ returns the type of an operand, or "" if it depends on the item.
func (n *node) typ() attr.Type {
	switch {
	case n.form == literalForm:
		return n.literal.Type
	case n.form == callForm && n.name == "size":
		return attr.Numeric
	}
	return ""
}

// same notes an attribute that is compared with itself.
func (f *faults) same(n *node) {
	if len(n.args) == 2 && n.args[0].form == pathForm && n.args[1].form == pathForm && slices.Equal(n.args[0].path, n.args[1].path) {
		f.note(&f.distinct, attr.Errorf("The first operand must be distinct from the remaining operands for this operator or function; operator: %s,"+
			" first operand: %s", n.name, n.args[0].pathString()))
	}
}

func (f *faults) bounds(low, high *node) {
	if low.form != literalForm || high.form != literalForm || low.literal.Type == "" || high.literal.Type == "" {
		return
	}
	bounds := fmt.Sprintf("lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s", low.literal, high.literal)
	switch {
	case low.literal.Type != high.literal.Type:
		f.note(&f.operandType, errors.New("The BETWEEN operator requires same data type for lower and upper bounds; "+bounds))
	case low.literal.Type.Scalar() && attr.Compare(low.literal, high.literal) > 0:
		f.note(&f.operandType, errors.New("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "+bounds))
	}
}
