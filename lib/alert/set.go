package alert

import (
	"fmt"
	"sync"
)

// Set is a set of rules in force. It is safe for concurrent use.
type Set struct {
	rules []*compiled // by kind, the defaults before others

	mu    sync.Mutex
	plans map[string]*plan // by their rules: most apps have the same
}

// Defaults returns the set without an alerts.yaml.
func Defaults() *Set {
	set, err := Compile(nil)
	if err != nil {
		panic(err) // the defaults are constants, which a test compiles
	}
	return set
}

// All returns all rules, also those that are off, by kind and, within a kind, the defaults first.
func (s *Set) All() []Rule {
	rules := make([]Rule, len(s.rules))
	for i, c := range s.rules {
		rules[i] = c.Rule
	}
	return rules
}

// Rules returns the rules in force for an app, in the order of All: those that are not off, and that include the app.
func (s *Set) Rules(app string) []Rule {
	var rules []Rule
	for _, c := range s.inForce(app) {
		rules = append(rules, c.Rule)
	}
	return rules
}

// Rule returns the rule of that name, if it is in force for the app.
func (s *Set) Rule(app, name string) (Rule, bool) {
	for _, c := range s.inForce(app) {
		if c.Name == name {
			return c.Rule, true
		}
	}
	return Rule{}, false
}

func (s *Set) inForce(app string) []*compiled {
	var all []*compiled
	for _, c := range s.rules {
		if !c.Off && c.AppliesTo(app) {
			all = append(all, c)
		}
	}
	return all
}

// plan returns the plan of an app.
func (s *Set) plan(app string) *plan {
	rules := s.inForce(app)
	key := fmt.Sprint(rules) // their addresses
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plans == nil {
		s.plans = make(map[string]*plan)
	}
	if s.plans[key] == nil {
		s.plans[key] = newPlan(rules, s.rules)
	}
	return s.plans[key]
}
