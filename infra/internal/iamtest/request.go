package iamtest

import "fmt"

// Request is a question that AWS asks IAM before it executes a call: may the caller do this? A call can need several.
type Request struct {
	Caller   string // the call's access key or, for calls that Lambda makes on its own, the name of the function whose role it uses
	Action   string
	Resource string            // an ARN, or "*" for an action that has no resource
	Context  map[string]string // the values of condition keys

	// Bound has the condition keys that tell the stack's resources from others'. A policy should not allow the action with another value of one
	// of them, and for those that are true, not without it either.
	Bound map[string]bool

	// Scope is the prefix of Resource that all such calls have in common. The rest is an app's name, a mapping's ID or the like. A policy
	// should not allow the action outside of it.
	Scope string

	// End is the suffix of Resource that all such calls have in common, after the name. Its first character cannot be part of a name.
	End string

	// Open is a part of Scope in place of which a policy may have a wildcard. Empty: there is none.
	Open string
}

// String returns the request in the form of a test's message.
func (r Request) String() string {
	text := fmt.Sprintf("%s: %s on %s", r.Caller, r.Action, r.Resource)
	if len(r.Context) > 0 {
		text += fmt.Sprintf(" with %v", r.Context)
	}
	return text
}

// on returns a request for the resource scope+rest.
func on(caller, action, scope, rest string) Request {
	return Request{Caller: caller, Action: action, Resource: scope + rest, Scope: scope}
}

// anywhere returns a request for an action that has no resource: "you must specify all resources ("*")".
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func anywhere(caller, action string) Request {
	return on(caller, action, "", "*")
}
