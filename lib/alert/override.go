package alert

import (
	"fmt"
	"slices"
)

// Override returns a set in which the rule of that name is different for one app, and the same for all others. There are two rules of the name
// then, and no app has both. change gets a copy of the rule, which is in force for the app whatever its Off, IncludeApps and ExcludeApps were.
func (s *Set) Override(app, name string, change func(*Rule)) (*Set, error) {
	out := &Set{}
	for _, c := range s.rules {
		if c.Name != name {
			out.rules = append(out.rules, c)
			continue
		}
		others, own := c.Rule, c.Rule
		others.ExcludeApps = append(slices.Clone(c.ExcludeApps), app)
		own.Off, own.IncludeApps, own.ExcludeApps = false, []string{app}, nil
		change(&own)
		printed := ""
		if c.atBeginning {
			printed = c.Pattern
		}
		for _, r := range []Rule{others, own} {
			compiled, problems := compile(r, printed)
			if len(problems) > 0 {
				return nil, fmt.Errorf("override the rule %s for %s: %w", name, app, problems)
			}
			out.rules = append(out.rules, compiled)
		}
	}
	return out, nil
}
