// Package iamtest evaluates IAM policies as AWS would: those of a synthesized template, and those of the CLI in docs/deploy.md, to compare them
// with the calls that the functions and the CLI make. It supports the policy elements, operators and operations that this stack uses, and
// returns an error for all others rather than ignoring them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package iamtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Policy holds the statements of all identity-based policies of a role. Policies are joined with append.
type Policy []Statement

// Statement allows or denies actions on resources.
type Statement struct {
	Sid        string
	Deny       bool
	Actions    []string // patterns
	Resources  []string // patterns
	Conditions []Condition
}

// document is the JSON of a policy.
type document struct {
	Version   string
	Statement json.RawMessage
}

// element is the JSON of a statement.
type element struct {
	Sid, Effect      string
	Action, Resource any
	Condition        map[string]map[string]any
}

// version is the version of the policy language. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const version = "2012-10-17"

// Parse reads a policy document of a synthesized template, whose references have these values. The error names what is not supported: elements
// such as NotAction or Principal, condition operators, policy variables, references without a value.
func Parse(text []byte, values Values) (Policy, error) {
	var d document
	if err := strictly(text, &d); err != nil {
		return nil, fmt.Errorf("read a policy document: %w", err)
	}
	if d.Version != version {
		return nil, fmt.Errorf("read a policy document: its version is %q, not %s", d.Version, version)
	}
	var elements []element
	if err := strictly(list(d.Statement), &elements); err != nil {
		return nil, fmt.Errorf("read a policy's statements: %w", err)
	}
	policy := make(Policy, len(elements))
	for i, e := range elements {
		s, err := e.statement(values)
		if err != nil {
			return nil, fmt.Errorf("read statement %d %s of a policy: %w", i, e.Sid, err)
		}
		policy[i] = s
	}
	return policy, nil
}

// strictly decodes JSON. Unknown members are an error.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// list returns the text as a JSON array, because a single statement may come without one.
func list(text []byte) []byte {
	if bytes.HasPrefix(text, []byte("[")) {
		return text
	}
	return []byte("[" + string(text) + "]")
}

// statement returns the statement with the values of its references.
func (e element) statement(values Values) (Statement, error) {
	if e.Effect != "Allow" && e.Effect != "Deny" {
		return Statement{}, fmt.Errorf("its effect must be Allow or Deny, not %q", e.Effect)
	}
	actions, actionErr := values.all(e.Action)
	resources, resourceErr := values.all(e.Resource)
	conditions, conditionErr := values.conditions(e.Condition)
	if err := errors.Join(actionErr, resourceErr, conditionErr); err != nil {
		return Statement{}, err
	}
	if len(actions) == 0 || len(resources) == 0 {
		return Statement{}, errors.New("it has no action or no resource")
	}
	return Statement{Sid: e.Sid, Deny: e.Effect == "Deny", Actions: actions, Resources: resources, Conditions: conditions}, nil
}

// Allows reports whether the policy allows an action on a resource. It also returns the index of the statement that decides: one that denies it,
// or else the first that allows it, or -1 if no statement matches. The resource is an ARN, or "*" for an action that has no resource. The
// context has the request's condition keys.
func (p Policy) Allows(action, resource string, context map[string]string) (statement int, allowed bool) {
	statement = -1
	for i, s := range p {
		switch {
		case !s.matches(action, resource, context):
		case s.Deny:
			return i, false
		case statement < 0:
			statement = i
		}
	}
	return statement, statement >= 0
}

// matches reports whether the statement is about the action, the resource and the context.
func (s Statement) matches(action, resource string, context map[string]string) bool {
	return anyOf(s.Actions, action, matchesAction) && anyOf(s.Resources, resource, matchesARN) && s.holds(context)
}

// anyOf reports whether a text matches one of the patterns.
func anyOf(patterns []string, text string, match func(pattern, text string) bool) bool {
	for _, p := range patterns {
		if match(p, text) {
			return true
		}
	}
	return false
}
