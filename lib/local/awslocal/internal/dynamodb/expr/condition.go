package expr

import (
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// Condition is a condition on an item.
type Condition struct{ root *node }

// Condition reads a condition. parameter is the name of the request's member that holds it, such as ConditionExpression. The error is DynamoDB's
// message.
func (c *Context) Condition(parameter, text string) (Condition, error) {
	root, err := parse(text, c)
	if err != nil {
		return Condition{}, attr.Errorf("Invalid %s: %w", parameter, err)
	}
	return Condition{root: root}, nil
}

// Holds reports whether the condition holds for an item. An item that does not exist is empty.
func (c Condition) Holds(item attr.Item) bool { return c.root == nil || c.root.holds(item) }

// Uses reports how the condition refers to an attribute: at all, and to a part of it.
func (c Condition) Uses(name string) (whole, part bool) {
	if c.root == nil {
		return false, false
	}
	c.root.walk(func(n *node) {
		if n.form == pathForm && n.path[0].name == name {
			whole = true
			part = part || len(n.path) > 1
		}
	})
	return whole, part
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, arg := range n.args {
		arg.walk(visit)
	}
}
