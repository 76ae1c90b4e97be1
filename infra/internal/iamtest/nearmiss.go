package iamtest

import (
	"maps"
	"strings"
)

// NearMisses returns requests that differ from r in a single character, and that a policy must not allow: for another action, for a resource
// outside of the request's scope (in another account, a queue with another prefix, a stream of another group), or with another value of a
// condition key (another function's mapping). A wildcard that is wider than the scope allows at least one of them: each character of the fixed
// part is changed once, and has a character inserted before it once; texts that must end there have one appended.
func (r Request) NearMisses() []Request {
	var all []Request
	for _, action := range variants(r.Action, true) {
		miss := r
		miss.Action = action
		all = append(all, miss)
	}
	rest := r.Resource[len(r.Scope):]
	for _, scope := range r.otherScopes(rest == "") {
		miss := r
		miss.Scope, miss.Resource = scope, scope+rest
		all = append(all, miss)
	}
	for _, end := range otherEnds(r.End) {
		miss := r
		miss.End, miss.Resource = end, strings.TrimSuffix(r.Resource, r.End)+end
		all = append(all, miss)
	}
	for key, required := range r.Bound {
		for _, other := range variants(r.Context[key], true) {
			miss := r
			miss.Context = maps.Clone(r.Context)
			miss.Context[key] = other
			all = append(all, miss)
		}
		if required {
			miss := r
			miss.Context = maps.Clone(r.Context)
			delete(miss.Context, key)
			all = append(all, miss)
		}
	}
	return all
}

// otherScopes returns the variants of the scope with the open part unchanged.
func (r Request) otherScopes(ends bool) []string {
	before, after, found := strings.Cut(r.Scope, r.Open)
	if r.Open == "" || !found {
		return variants(r.Scope, ends)
	}
	var all []string
	for _, other := range variants(before, false) {
		all = append(all, other+r.Open+after)
	}
	for _, other := range variants(after, ends) {
		all = append(all, before+r.Open+other)
	}
	return all
}

// otherEnds returns the variants of an end that are not those of the name before it: a character inserted before the end belongs to the name.
func otherEnds(end string) []string {
	if end == "" {
		return nil
	}
	all := []string{other(end[0]) + end[1:]}
	for _, rest := range variants(end[1:], true) {
		all = append(all, end[:1]+rest)
	}
	return all
}

// variants returns the texts that differ from text in one character, changed or inserted. If text must end there, one has a character appended.
func variants(text string, ends bool) []string {
	var all []string
	for i := range len(text) {
		c := other(text[i])
		all = append(all, text[:i]+c+text[i+1:], text[:i]+c+text[i:])
	}
	if ends {
		all = append(all, text+"x")
	}
	return all
}

// other returns another character, which also differs if case is ignored.
func other(c byte) string {
	if c == 'x' || c == 'X' {
		return "y"
	}
	return "x"
}

// distinct returns the requests without duplicates.
func distinct(requests []Request) []Request {
	seen := make(map[string]bool)
	var all []Request
	for _, r := range requests {
		if key := r.String(); !seen[key] {
			seen[key] = true
			all = append(all, r)
		}
	}
	return all
}
