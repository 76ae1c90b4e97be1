package expr

import (
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// KeyCondition is the condition of a query on one key attribute.
type KeyCondition struct {
	Operator string // =, <, <=, >, >=, BETWEEN or begins_with
	Values   []attr.Value
}

// Holds reports whether the condition holds for a key of the same type.
func (k KeyCondition) Holds(key attr.Value) bool {
	switch k.Operator {
	case "=":
		return attr.Equal(key, k.Values[0])
	case "BETWEEN":
		return ordered(key, ">=", k.Values[0]) && ordered(key, "<=", k.Values[1])
	case "begins_with":
		return key.HasPrefix(k.Values[0])
	}
	return ordered(key, k.Operator, k.Values[0])
}

// KeyConditions reads a KeyConditionExpression: one condition, or two that are joined by AND, by attribute name. The error is DynamoDB's message.
func (c *Context) KeyConditions(text string) (map[string]KeyCondition, error) {
	root, err := parse(text, c)
	if err != nil {
		return nil, attr.Errorf("Invalid KeyConditionExpression: %w", err)
	}
	conditions := make(map[string]KeyCondition)
	if err := root.keyConditions(conditions); err != nil {
		return nil, err
	}
	if len(conditions) > 2 {
		return nil, attr.Errorf("Conditions can be of length 1 or 2 only")
	}
	return conditions, nil
}

func (n *node) keyConditions(found map[string]KeyCondition) error {
	switch {
	case n.form == andForm:
		if err := n.args[0].keyConditions(found); err != nil {
			return err
		}
		return n.args[1].keyConditions(found)
	case n.form == orForm, n.form == notForm, n.form == inForm, n.name == "<>", n.form == callForm && n.name != "begins_with":
		return attr.Errorf("Invalid operator used in KeyConditionExpression: %s", n.name)
	case n.form != compareForm && n.args[0].form != pathForm:
		return attr.Errorf("Invalid condition in KeyConditionExpression: %s operator must have the key attribute as its first operand", n.name)
	}
	key := -1
	for i, arg := range n.args {
		switch {
		case arg.form == callForm:
			return attr.Errorf("KeyConditionExpressions cannot contain nested operations")
		case arg.form != pathForm:
		case key >= 0:
			return attr.Errorf("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		case len(arg.path) > 1:
			return attr.Errorf("KeyConditionExpressions cannot have conditions on nested attributes")
		default:
			key = i
		}
	}
	if key < 0 {
		return attr.Errorf("Invalid condition in KeyConditionExpression: No key attribute specified")
	}
	name := n.args[key].path[0].name
	if _, twice := found[name]; twice {
		return attr.Errorf("KeyConditionExpressions must only contain one condition per key")
	}
	k := KeyCondition{Operator: n.name}
	for i, arg := range n.args {
		if i != key {
			k.Values = append(k.Values, arg.literal)
		}
	}
	if key > 0 { // the value is on the left
		k.Operator = mirrored(n.name)
	}
	found[name] = k
	return nil
}

func mirrored(comparator string) string {
	switch comparator {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	}
	return comparator
}
