package iamtest

import (
	"fmt"
	"slices"
	"strings"
)

// Condition compares one key of a request's context with some values, of which one must match.
type Condition struct {
	Operator, Key string
	Values        []string
}

// operators are the condition operators that are understood, by what they say of a value of the policy and the request's. There is none
// that holds for a key that the request does not have.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]func(value, actual string) bool{
	"ArnEquals":    matchesARN, // "The ArnEquals and ArnLike condition operators behave identically."
	"ArnLike":      matchesARN,
	"Bool":         strings.EqualFold,
	"StringEquals": func(value, actual string) bool { return value == actual },
	"StringLike":   matches,
}

// conditions reads a Condition element. Its order is that of the operators' and keys' names.
func (v Values) conditions(element map[string]map[string]any) ([]Condition, error) {
	var all []Condition
	for operator, keys := range element {
		if operators[operator] == nil {
			return nil, fmt.Errorf("the condition operator %s is not understood", operator)
		}
		for key, value := range keys {
			values, err := v.all(value)
			if err != nil {
				return nil, fmt.Errorf("condition %s %s: %w", operator, key, err)
			}
			all = append(all, Condition{Operator: operator, Key: key, Values: values})
		}
	}
	slices.SortFunc(all, func(a, b Condition) int { return strings.Compare(a.Operator+" "+a.Key, b.Operator+" "+b.Key) })
	return all, nil
}

// holds reports whether a context meets all of a statement's conditions.
func (s Statement) holds(context map[string]string) bool {
	for _, c := range s.Conditions {
		actual, ok := lookUp(context, c.Key)
		if !ok || !anyOf(c.Values, actual, operators[c.Operator]) {
			return false
		}
	}
	return true
}

// lookUp finds a condition key, which has no case.
func lookUp(context map[string]string, key string) (value string, ok bool) {
	for k, value := range context {
		if strings.EqualFold(k, key) {
			return value, true
		}
	}
	return "", false
}
