package alert

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of a set of literals that is worth searching for.
const (
	minLiteral  = 4  // bytes
	maxLiterals = 32 // of one pattern
	maxClass    = 4  // characters of a class, such as [Ee], that is taken for as many literals
)

// required returns texts of which every match of the pattern contains at least one, in ASCII lower case; nil if there are none that are long
// enough. So a text without any of them, in lower case, need not be matched.
func required(re *syntax.Regexp) []string {
	if found := analyze(re).best(); shortest(found) >= minLiteral {
		return found
	}
	return nil
}

// literals are what is known of the matches of a part of a pattern. Each is nil if it is unknown, or has too many texts.
type literals struct {
	exact  []string // a match is one of these
	prefix []string // it begins with one of these
	inside []string // it contains one of these
}

func exactly(texts ...string) literals {
	return literals{exact: texts, prefix: texts, inside: texts}
}

// best returns the set whose shortest text is the longest.
func (l literals) best() []string { return longer(longer(l.inside, l.prefix), l.exact) }

func longer(a, b []string) []string {
	if shortest(b) > shortest(a) {
		return b
	}
	return a
}

func analyze(re *syntax.Regexp) literals {
	switch re.Op {
	case syntax.OpLiteral:
		return ofText(re)
	case syntax.OpCharClass:
		return ofClass(re)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return exactly("")
	case syntax.OpCapture:
		return analyze(re.Sub[0])
	case syntax.OpPlus:
		return repeated(re)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return repeated(re)
		}
	case syntax.OpQuest:
		if sub := analyze(re.Sub[0]); sub.exact != nil {
			return literals{exact: union([]string{""}, sub.exact)}
		}
	case syntax.OpConcat:
		return ofSequence(re.Sub)
	case syntax.OpAlternate:
		return ofAlternatives(re.Sub)
	}
	return literals{}
}

// ofText analyzes a literal. Characters that are not ASCII end a text, and without regard to case k and s do, which also match the Kelvin sign and
// the long s.
func ofText(re *syntax.Regexp) literals {
	folded := re.Flags&syntax.FoldCase != 0
	text := strings.Map(lower, string(re.Rune))
	parts := strings.FieldsFunc(text, func(c rune) bool {
		return c >= utf8.RuneSelf || folded && (c == 'k' || c == 's')
	})
	if len(parts) == 1 && parts[0] == text {
		return exactly(text)
	}
	var inside []string
	for _, part := range parts {
		inside = longer(inside, []string{part})
	}
	return literals{inside: inside}
}

// lower returns the lower case of an ASCII letter, and any other character as it is: that of the Kelvin sign would be k.
func lower(c rune) rune {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// ofClass analyzes a class of few characters.
func ofClass(re *syntax.Regexp) literals {
	texts := []string{}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for c := re.Rune[i]; c <= re.Rune[i+1]; c++ {
			if c >= utf8.RuneSelf || len(texts) == maxClass {
				return literals{}
			}
			texts = union(texts, []string{string(lower(c))})
		}
	}
	return exactly(texts...)
}

// repeated analyzes what comes once or more often.
func repeated(re *syntax.Regexp) literals {
	sub := analyze(re.Sub[0])
	return literals{prefix: sub.prefix, inside: sub.best()}
}

// ofSequence analyzes what comes one after the other.
func ofSequence(parts []*syntax.Regexp) literals {
	run, all := exactly("").exact, literals{} // run: of the parts since the last that is not exact
	first := true
	for _, part := range parts {
		next := analyze(part)
		if grown := product(run, next.exact); grown != nil {
			run = grown
			continue
		}
		if begun := product(run, next.prefix); begun != nil {
			run = begun
		}
		if first {
			all.prefix, first = run, false
		}
		all.inside = longer(longer(all.inside, run), next.best())
		run = exactly("").exact
		if next.exact != nil {
			run = next.exact
		}
	}
	if first {
		return exactly(run...)
	}
	all.inside = longer(all.inside, run)
	return all
}

// ofAlternatives analyzes what is one of several.
func ofAlternatives(parts []*syntax.Regexp) literals {
	all := analyze(parts[0])
	all.inside = all.best()
	for _, part := range parts[1:] {
		next := analyze(part)
		all.exact, all.prefix, all.inside = union(all.exact, next.exact), union(all.prefix, next.prefix), union(all.inside, next.best())
	}
	return all
}

// union returns the texts of both sets; nil if one is unknown.
func union(a, b []string) []string {
	if a == nil || b == nil {
		return nil
	}
	all := slices.Clone(a)
	for _, text := range b {
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	if len(all) > maxLiterals {
		return nil
	}
	return all
}

// product returns each text of one set followed by each of the other; nil if one is unknown.
func product(a, b []string) []string {
	if len(a)*len(b) > maxLiterals {
		return nil
	}
	var all []string
	for _, first := range a {
		for _, second := range b {
			all = append(all, first+second)
		}
	}
	return all
}

// shortest returns the length of the shortest text; 0 if there is none.
func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	n := len(texts[0])
	for _, text := range texts {
		n = min(n, len(text))
	}
	return n
}
