package alert

import "regexp/syntax"

// What is tested on its own.
var (
	Mask      = mask
	Display   = display
	MatchGlob = matchGlob[string]
	Member    = member
	TextOf    = textOf
)

// Required returns the literals of a pattern; ok is false if it is not a pattern.
func Required(pattern string) (literals []string, ok bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false
	}
	return required(parsed), true
}

// Find returns which of the literals a finder finds in a text.
func Find(text []byte, literals []string) []bool {
	var f finder
	for i, literal := range literals {
		f.add(literal, uint16(i))
	}
	f.prepare()
	set := newBitset(len(literals))
	f.find(text, set)
	found := make([]bool, len(literals))
	for i := range literals {
		found[i] = set.has(i)
	}
	return found
}
