package iamtest

import "maps"

// NearMisses are requests that differ from a good one in a single character, which a policy must turn down: of another action, of a
// resource outside of the request's scope (another account's, another prefix's queue, another group's stream), of another value of a
// condition key (another function's mapping). A wildcard in a policy that is wider than the scope allows at least one of them: each
// character of what must be fixed is another one once, and has one before it once, and what must end there goes on once.
func (r Request) NearMisses() []Request {
	var all []Request
	for _, action := range variants(r.Action, true) {
		miss := r
		miss.Action = action
		all = append(all, miss)
	}
	rest := r.Resource[len(r.Scope):]
	for _, scope := range variants(r.Scope, rest == "") {
		miss := r
		miss.Scope, miss.Resource = scope, scope+rest
		all = append(all, miss)
	}
	for key, value := range r.Context {
		for _, other := range variants(value, true) {
			miss := r
			miss.Context = maps.Clone(r.Context)
			miss.Context[key] = other
			all = append(all, miss)
		}
	}
	return all
}

// variants are the texts that differ from one in a character: changed, put in, or added to it if it ends.
func variants(text string, ends bool) []string {
	var all []string
	for i := range len(text) {
		strange := other(text[i])
		all = append(all, text[:i]+strange+text[i+1:], text[:i]+strange+text[i:])
	}
	if ends {
		all = append(all, text+"x")
	}
	return all
}

// other is another character, in either case.
func other(c byte) string {
	if c == 'x' || c == 'X' {
		return "y"
	}
	return "x"
}

// distinct leaves out requests that are there already.
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
