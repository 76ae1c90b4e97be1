package iamtest

import "fmt"

// Grant is one action on one resource that a statement allows.
type Grant struct {
	Statement        int // index
	Action, Resource string
}

// String returns the grant in the form of a test's message.
func (g Grant) String() string {
	return fmt.Sprintf("statement %d: %s on %s", g.Statement, g.Action, g.Resource)
}

// Denied returns the requests that the policy does not allow.
func (p Policy) Denied(requests []Request) []Request {
	var denied []Request
	for _, r := range distinct(requests) {
		if _, ok := p.Allows(r.Action, r.Resource, r.Context); !ok {
			denied = append(denied, r)
		}
	}
	return denied
}

// Unused returns the grants without which the policy would allow the same requests: none of the requests needs them, or another grant allows
// it as well.
func (p Policy) Unused(requests []Request) []Grant {
	needed := make(map[Grant]bool)
	for _, r := range distinct(requests) {
		if grants := p.grantsOf(r); len(grants) == 1 {
			needed[grants[0]] = true
		}
	}
	var unused []Grant
	for _, g := range p.grants() {
		if !needed[g] {
			unused = append(unused, g)
		}
	}
	return unused
}

// grants returns everything that the policy's statements allow.
func (p Policy) grants() []Grant {
	var all []Grant
	for i, s := range p {
		if s.Deny {
			continue
		}
		for _, action := range s.Actions {
			for _, resource := range s.Resources {
				all = append(all, Grant{Statement: i, Action: action, Resource: resource})
			}
		}
	}
	return all
}

// grantsOf returns the grants that allow a request.
func (p Policy) grantsOf(r Request) []Grant {
	var all []Grant
	for _, g := range p.grants() {
		if matchesAction(g.Action, r.Action) && matchesARN(g.Resource, r.Resource) && p[g.Statement].holds(r.Context) {
			all = append(all, g)
		}
	}
	return all
}

// Loose returns the near misses of the requests that the policy allows: it is wider than the requests need.
func (p Policy) Loose(requests []Request) []Request {
	var loose []Request
	for _, r := range distinct(requests) {
		for _, miss := range r.NearMisses() {
			if _, ok := p.Allows(miss.Action, miss.Resource, miss.Context); ok {
				loose = append(loose, miss)
			}
		}
	}
	return loose
}
