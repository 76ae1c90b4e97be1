package alert

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// The limits of the rules that alerts.yaml can add. A pattern with a fixed text costs almost nothing on the lines without that text, because one
// search is for the texts of all. One without costs two to three microseconds on a line of a hundred bytes, several times as much as storing it.
const (
	MaxOwnRules    = 200
	MaxCostlyRules = 20 // with patterns without a fixed text of minLiteral bytes
)

// Compile returns the default rules with what the Config changes and adds. The error is Problems, which has everything that is wrong.
func Compile(c Config) (*Set, error) {
	defaults := Catalogue()
	b := builder{index: make(map[string]int, len(defaults)), rules: make([]Rule, 0, len(defaults))}
	printed := make(map[string]string) // the patterns of what apps print, by rule
	for _, d := range defaults {
		b.index[d.Rule.Name] = len(b.rules)
		b.rules = append(b.rules, d.Rule)
		if d.Rule.Kind == Errors && d.Rule.Source == "app" {
			printed[d.Rule.Name] = d.Rule.Pattern
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(c)) {
		if Fields(kind) == nil {
			b.problem(Problem{Kind: kind, Reason: fmt.Sprintf("unknown section: the sections are %s", list(Kinds()))})
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(c[kind])) {
			b.apply(kind, name, c[kind][name])
		}
	}
	if b.own > MaxOwnRules {
		b.problem(Problem{Kind: Regexps, Reason: fmt.Sprintf("%d rules besides the defaults: there can be at most %d. Join patterns with | to have fewer rules", b.own, MaxOwnRules)})
		return nil, b.problems // compiling them would take time
	}
	slices.SortStableFunc(b.rules, func(x, y Rule) int {
		return cmp.Compare(slices.Index(Kinds(), x.Kind), slices.Index(Kinds(), y.Kind))
	})
	set, costly := &Set{}, 0
	for _, r := range b.rules {
		compiled, problems := compile(r, printed[r.Name])
		b.problems = append(b.problems, problems...)
		set.rules = append(set.rules, compiled)
		if compiled.costly() {
			costly++
		}
		if costly > MaxCostlyRules && compiled.costly() {
			b.problem(Problem{Kind: r.Kind, Rule: r.Name, Field: "pattern", Reason: fmt.Sprintf(
				"every match must contain a fixed text of at least %d letters: only %d rules can have patterns without one, which are slow", minLiteral, MaxCostlyRules)})
		}
	}
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return set, nil
}

// builder collects the rules in force.
type builder struct {
	rules    []Rule
	index    map[string]int // of rules, by name
	own      int
	problems Problems
}

func (b *builder) problem(p Problem) { b.problems = append(b.problems, p) }

// apply changes or adds a rule.
func (b *builder) apply(kind Kind, name string, change Change) {
	bad := func(field, format string, args ...any) {
		b.problem(Problem{Kind: kind, Rule: name, Field: field, Reason: fmt.Sprintf(format, args...)})
	}
	i, known := b.index[name]
	switch {
	case known && b.rules[i].Kind != kind:
		bad("", "%s is a rule of the section %s", name, b.rules[i].Kind)
		return
	case !known && kind == Codes:
		bad("", "%s is not an error code that Heroku documents", name)
		return
	case !known && !validName(name):
		bad("", "a rule's name must be a letter or digit, then up to %d letters, digits, \"_\", \".\" and \"-\"", maxRuleName-1)
		return
	case !known && change.Off != nil && *change.Off && onlyOff(change):
		bad("", "there is no default rule of this name to turn off")
		return
	case !known:
		i = len(b.rules)
		b.index[name] = i
		b.rules = append(b.rules, newRule(kind, name))
		b.own++
	default:
		b.rules[i].Origin = Changed
	}
	allowed := Fields(kind)
	rule, from := reflect.ValueOf(&b.rules[i]).Elem(), reflect.ValueOf(change)
	for f := range from.NumField() {
		value, field := from.Field(f), fieldName(from.Type().Field(f))
		switch {
		case value.IsNil():
			continue
		case !slices.Contains(allowed, field):
			bad(field, "rules of the section %s have no such field: theirs are %s", kind, list(allowed))
			continue
		}
		into := rule.FieldByName(from.Type().Field(f).Name)
		if value.Kind() == reflect.Pointer && into.Kind() != reflect.Pointer {
			value = value.Elem()
		}
		into.Set(value)
	}
	if text := describe(b.rules[i], change); known && change.Description == nil && text != "" {
		b.rules[i].Description = text
	}
}

// onlyOff reports whether a change says nothing but "off".
func onlyOff(change Change) bool {
	change.Off = nil
	return reflect.ValueOf(change).IsZero()
}

// newRule returns the rule that alerts.yaml begins with when it adds one.
func newRule(kind Kind, name string) Rule {
	r := Rule{Name: name, Kind: kind, Title: name, Origin: Own}
	switch kind {
	case Drop:
		return r
	case Silence:
		r.Level, r.Cooldown = Warning, second
		return r
	}
	r.Level, r.Threshold, r.Window, r.Cooldown = Warning, 1, 5*minute, 10*minute
	if kind == Samples {
		r.Threshold, r.Window, r.Interval = 5, 0, minute
	}
	return r
}
