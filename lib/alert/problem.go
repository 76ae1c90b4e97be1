package alert

import (
	"fmt"
	"strings"
)

// Problem is something in a Config that is wrong.
type Problem struct {
	Kind   Kind
	Rule   string // empty: the section itself
	Field  string // as in alerts.yaml; empty: the rule itself
	Reason string
}

func (p Problem) Error() string {
	where := string(p.Kind)
	for _, name := range []string{p.Rule, p.Field} {
		if name != "" {
			where += "." + name
		}
	}
	return fmt.Sprintf("%s: %s", where, p.Reason)
}

// Problems are everything that is wrong with a Config. As an error, it has a line for each.
type Problems []Problem

func (all Problems) Error() string {
	lines := make([]string, len(all))
	for i, p := range all {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}
