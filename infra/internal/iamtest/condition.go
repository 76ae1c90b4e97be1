package iamtest

import (
	"fmt"
	"slices"
	"strings"
)

// Condition compares a key of a request's context with values, at least one of which must match.
type Condition struct {
	Operator, Key string
	Values        []string
}

// ifExists is the end of the names of operators that hold for a key that the request does not have. The others do not.
const ifExists = "IfExists"

// operators are the supported condition operators. Each reports whether a value of the policy matches the request's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]func(value, actual string) bool{
	"ArnEquals":    matchesARN, // "The ArnEquals and ArnLike condition operators behave identically."
	"ArnLike":      matchesARN,
	"Bool":         strings.EqualFold,
	"StringEquals": func(value, actual string) bool { return value == actual },
	"StringLike":   matches,

	"StringEquals" + ifExists: func(value, actual string) bool { return value == actual },
}

// conditions reads a Condition element, and returns the conditions ordered by operator and key.
func (v Values) conditions(element map[string]map[string]any) ([]Condition, error) {
	var all []Condition
	for operator, keys := range element {
		if operators[operator] == nil {
			return nil, fmt.Errorf("the condition operator %s is not supported", operator)
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
		if !ok && strings.HasSuffix(c.Operator, ifExists) {
			continue
		}
		if !ok || !anyOf(c.Values, actual, operators[c.Operator]) {
			return false
		}
	}
	return true
}

// lookUp returns the value of a condition key. Condition keys are not case-sensitive.
func lookUp(context map[string]string, key string) (value string, ok bool) {
	for k, value := range context {
		if strings.EqualFold(k, key) {
			return value, true
		}
	}
	return "", false
}
