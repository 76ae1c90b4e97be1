package expr_test

import (
	"testing"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/expr"
)

// FuzzExpressions checks that no expression crashes what reads and evaluates it, and that NOT turns each condition around.
func FuzzExpressions(f *testing.F) {
	one, text := "1", "S"
	names := map[string]string{"#n": "a"}
	values := map[string]attr.Wire{":a": {N: &one}, ":b": {S: &text}}
	nested, err := attr.Parse(attr.Wire{M: &map[string]attr.Wire{"b": {L: &[]attr.Wire{{S: &text}}}}})
	if err != nil {
		f.Fatal(err)
	}
	items := []attr.Item{nil, {"a": nested}, {"a": attr.NewText("S"), "b": attr.NewText("")}}
	f.Fuzz(func(t *testing.T, source string) {
		read := func(source string) (expr.Condition, error) {
			refs, err := expr.NewContext(names, values)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = refs.KeyConditions(source)
			return refs.Condition("ConditionExpression", source)
		}
		condition, err := read(source)
		if err != nil {
			return
		}
		turned, err := read("NOT (" + source + ")")
		for _, item := range items {
			if holds := condition.Holds(item); err == nil && turned.Holds(item) == holds {
				t.Errorf("%q and its negation are both %t", source, holds)
			}
		}
	})
}
