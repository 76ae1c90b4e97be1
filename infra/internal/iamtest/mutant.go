package iamtest

import (
	"fmt"
	"slices"
	"strings"
)

// Mutant is a policy with one mistake.
type Mutant struct {
	Mistake string
	Policy  Policy
}

// Mutants returns variants of the policy with one statement missing or widened: an action to all actions of its service; a resource to all
// resources, all Regions, all accounts, or by a character at its end; a condition removed. A good test of the policy detects each of them.
func (p Policy) Mutants() []Mutant {
	var all []Mutant
	for i, s := range p {
		all = append(all, Mutant{Mistake: fmt.Sprintf("statement %d is missing", i), Policy: slices.Delete(slices.Clone(p), i, i+1)})
		for a, action := range s.Actions {
			service, _, _ := strings.Cut(action, ":")
			all = append(all, p.widened(i, action, service+":*", func(s *Statement) { s.Actions = replaced(s.Actions, a, service+":*") }))
		}
		for r, resource := range s.Resources {
			for _, wider := range widerARNs(resource) {
				all = append(all, p.widened(i, resource, wider, func(s *Statement) { s.Resources = replaced(s.Resources, r, wider) }))
			}
		}
		for c, condition := range s.Conditions {
			all = append(all, p.widened(i, condition.Key, "anything", func(s *Statement) {
				s.Conditions = slices.Delete(slices.Clone(s.Conditions), c, c+1)
			}))
		}
	}
	return all
}

// widened returns the policy with one change of one statement.
func (p Policy) widened(statement int, what, wider string, change func(*Statement)) Mutant {
	mutant := slices.Clone(p)
	change(&mutant[statement])
	return Mutant{Mistake: fmt.Sprintf("statement %d has %s instead of %s", statement, wider, what), Policy: mutant}
}

// replaced returns a copy of a list with another item at index i.
func replaced(list []string, i int, with string) []string {
	list = slices.Clone(list)
	list[i] = with
	return list
}

// widerARNs returns patterns that match more than a pattern does.
func widerARNs(pattern string) []string {
	if pattern == "*" {
		return nil
	}
	wider := []string{"*"}
	if parts := strings.SplitN(pattern, ":", arnParts); len(parts) == arnParts {
		for _, part := range []int{regionPart, accountPart} {
			if parts[part] != "*" {
				wider = append(wider, strings.Join(replaced(parts, part, "*"), ":"))
			}
		}
	}
	if closed, open := strings.CutSuffix(pattern, "*"); open {
		return append(wider, closed[:len(closed)-1]+"*")
	}
	return append(wider, pattern+"*")
}
