package iamtest

import "fmt"

// Request is what IAM is asked before AWS does a call: may this caller do that? A call can take several.
type Request struct {
	Caller   string // the access key of a call; of what Lambda does by itself, the name of the function whose role it takes
	Action   string
	Resource string            // an ARN, or "*" for an action that AWS knows no resource for
	Context  map[string]string // the condition keys that say something of the call

	// Scope is the beginning of Resource that all such calls have in common; the rest is an app's name, a mapping's id or the like. No
	// policy should allow the action outside of it.
	Scope string
}

// String shows a request as a test's message needs it.
func (r Request) String() string {
	text := fmt.Sprintf("%s: %s on %s", r.Caller, r.Action, r.Resource)
	if len(r.Context) > 0 {
		text += fmt.Sprintf(" with %v", r.Context)
	}
	return text
}

// on is a request for a resource, of which all after the scope may be another.
func on(caller, action, scope, rest string) Request {
	return Request{Caller: caller, Action: action, Resource: scope + rest, Scope: scope}
}

// anywhere is a request for an action that AWS knows no resource for: "you must specify all resources ("*")".
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func anywhere(caller, action string) Request {
	return on(caller, action, "", "*")
}
