package alert

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// The limits of a set of literals that is worth searching for.
const (
	minLiteral  = 4  // bytes
	maxLiterals = 32 // of one pattern
)

// required returns texts of which every match of the pattern contains at least one, in ASCII lower case; nil if there are none that are long
// enough. So a text without any of them, in lower case, need not be matched.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return longest(runs(re))
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var sets [][]string
		for _, sub := range re.Sub {
			sets = append(sets, required(sub))
		}
		return best(sets)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			set := required(sub)
			if set == nil {
				return nil
			}
			all = append(all, set...)
		}
		if len(all) <= maxLiterals {
			return all
		}
	}
	return nil
}

// runs returns the parts of a literal that are written in ASCII, in lower case. Without regard to case, k and s also match the Kelvin sign and
// the long s, which are not ASCII.
func runs(re *syntax.Regexp) []string {
	folded := re.Flags&syntax.FoldCase != 0
	return strings.FieldsFunc(strings.ToLower(string(re.Rune)), func(c rune) bool {
		return c >= utf8.RuneSelf || folded && (c == 'k' || c == 's')
	})
}

// longest returns the longest of the texts, alone, or nil if it is too short.
func longest(texts []string) []string {
	var long string
	for _, text := range texts {
		if len(text) > len(long) {
			long = text
		}
	}
	if len(long) < minLiteral {
		return nil
	}
	return []string{long}
}

// best returns the set whose shortest text is the longest.
func best(sets [][]string) []string {
	var chosen []string
	for _, set := range sets {
		if shortest(set) > shortest(chosen) {
			chosen = set
		}
	}
	return chosen
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
