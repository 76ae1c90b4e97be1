// Package expr implements DynamoDB's expressions: conditions and filters, and the conditions on keys of queries.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
package expr

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// Context is what the expressions of a request share: the names and values that they refer to.
type Context struct {
	names  map[string]string
	values map[string]attr.Value

	unusedNames, unusedValues map[string]bool
}

// maxName is the longest reference, and the longest attribute name, in bytes.
const (
	maxReference = 255
	maxName      = 65535
)

var reference = regexp.MustCompile(`^[#:][0-9a-zA-Z_]+$`)

// NewContext returns the context of a request. names and values are its ExpressionAttributeNames and ExpressionAttributeValues, nil if it has none.
// The error is DynamoDB's message.
func NewContext(names map[string]string, values map[string]attr.Wire) (*Context, error) {
	c := &Context{names: names, values: make(map[string]attr.Value), unusedNames: make(map[string]bool), unusedValues: make(map[string]bool)}
	if names != nil && len(names) == 0 {
		return nil, attr.Errorf("ExpressionAttributeNames must not be empty")
	}
	for _, ref := range slices.Sorted(maps.Keys(names)) {
		if err := checkReference("ExpressionAttributeNames", "#", ref); err != nil {
			return nil, err
		}
		if name := names[ref]; name == "" || len(name) > maxName {
			return nil, attr.Errorf("ExpressionAttributeNames contains invalid value: The length of the attribute name is not within the allowed range 1-%d for key %s",
				maxName, ref)
		}
		c.unusedNames[ref] = true
	}
	if values != nil && len(values) == 0 {
		return nil, attr.Errorf("ExpressionAttributeValues must not be empty")
	}
	for _, ref := range slices.Sorted(maps.Keys(values)) {
		if err := checkReference("ExpressionAttributeValues", ":", ref); err != nil {
			return nil, err
		}
		v, err := attr.Parse(values[ref])
		if err != nil {
			return nil, attr.Errorf("ExpressionAttributeValues contains invalid value: %w for key %s", err, ref)
		}
		c.values[ref], c.unusedValues[ref] = v, true
	}
	return c, nil
}

func checkReference(parameter, sign, ref string) error {
	if !reference.MatchString(ref) || ref[:1] != sign {
		return attr.Errorf("%s contains invalid key: Syntax error; key: %q", parameter, ref)
	}
	if len(ref) > maxReference {
		return attr.Errorf("%s contains invalid key: The length of the key is above the limit of %d; key: %q", parameter, maxReference, ref)
	}
	return nil
}

func (c *Context) name(ref string) (string, error) {
	name, ok := c.names[ref]
	if !ok {
		return "", attr.Errorf("An expression attribute name used in the document path is not defined; attribute name: %s", ref)
	}
	delete(c.unusedNames, ref)
	return name, nil
}

func (c *Context) value(ref string) (attr.Value, error) {
	v, ok := c.values[ref]
	if !ok {
		return attr.Value{}, attr.Errorf("An expression attribute value used in expression is not defined; attribute value: %s", ref)
	}
	delete(c.unusedValues, ref)
	return v, nil
}

// Unused returns an error if no expression that was read refers to some name or value.
func (c *Context) Unused() error {
	for _, unused := range []struct {
		parameter string
		refs      map[string]bool
	}{{"ExpressionAttributeNames", c.unusedNames}, {"ExpressionAttributeValues", c.unusedValues}} {
		if len(unused.refs) > 0 {
			return attr.Errorf("Value provided in %s unused in expressions: keys: {%s}", unused.parameter,
				strings.Join(slices.Sorted(maps.Keys(unused.refs)), ", "))
		}
	}
	return nil
}
