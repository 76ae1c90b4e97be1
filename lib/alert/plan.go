package alert

import (
	"bytes"
	"slices"
	"strconv"

	"heroku-drains/lib/logformat"
)

// plan is the rules of an app, sorted by the lines that they look at. It does not change.
type plan struct {
	rules   []*compiled
	codes   map[string]uint16 // rules by code
	off     map[string]bool   // codes whose rules are not in force
	slow    []uint16
	slowest int // the length of the shortest service time that is too long for one of slow, such as 5000ms
	status  []uint16
	samples []uint16
	figures map[string]int // the index of each figure that samples need
	app     *texts         // for the source app
	router  *texts         // for the router
	texts   map[string]*texts
	other   *texts // for sources that texts lacks
	drops   []uint16
	silence Duration // how often the time of the newest line is worth telling; 0: never
}

// texts are the rules with patterns for the lines of a source.
type texts struct {
	long, short finder   // short: for literals that would make the search for all slower
	always      []uint16 // rules whose pattern has no literals
}

// newPlan returns the plan for the rules in force, of all that there are.
func newPlan(rules, all []*compiled) *plan {
	p := &plan{rules: rules, codes: make(map[string]uint16), off: make(map[string]bool), figures: make(map[string]int), texts: make(map[string]*texts)}
	for _, r := range all {
		if r.Kind == Codes && !slices.Contains(rules, r) {
			p.off[r.Code] = true
		}
	}
	var patterns []uint16
	for i, r := range rules {
		n := uint16(i)
		switch r.Kind {
		case Codes:
			p.codes[r.Code] = n
		case Slow:
			if length := len(strconv.Itoa(int(*r.Over))) + len("ms"); p.slow == nil || length < p.slowest {
				p.slowest = length
			}
			p.slow = append(p.slow, n)
		case Status:
			p.status = append(p.status, n)
		case Samples:
			p.samples = append(p.samples, n)
			for _, figure := range []string{r.metric, r.per} {
				if _, known := p.figures[figure]; !known && figure != "" {
					p.figures[figure] = len(p.figures)
				}
			}
		case Errors, Regexps:
			patterns = append(patterns, n)
		case Silence:
			if often := max(minute, r.After/10); p.silence == 0 || often < p.silence {
				p.silence = often
			}
		case Drop:
			p.drops = append(p.drops, n)
			if r.pattern != nil {
				patterns = append(patterns, n)
			}
		}
	}
	for _, n := range patterns {
		if source := rules[n].Source; source != "" && source != "app" && p.texts[source] == nil {
			p.texts[source] = p.newTexts(patterns, source)
		}
	}
	p.router = p.newTexts(slices.DeleteFunc(slices.Clone(patterns), func(n uint16) bool {
		return !rules[n].processIs([]byte("router")) // so that its lines, which are most, are not searched for nothing
	}), "heroku")
	p.app, p.other = p.newTexts(patterns, "app"), p.newTexts(patterns, "")
	return p
}

// newTexts returns the rules for the lines of a source; empty: for those of sources that no rule names.
func (p *plan) newTexts(patterns []uint16, source string) *texts {
	t := &texts{}
	for _, n := range patterns {
		r := p.rules[n]
		if r.Source != "" && r.Source != source {
			continue
		}
		if !r.searched() {
			if r.Kind != Drop {
				t.always = append(t.always, n)
			}
			continue
		}
		for _, literal := range r.literals {
			if len(literal) >= longLiteral {
				t.long.add(literal, n)
			} else {
				t.short.add(literal, n)
			}
		}
	}
	t.long.prepare()
	t.short.prepare()
	return t
}

// longLiteral is the length in bytes from which on a literal is a long one. All of the default rules are.
const longLiteral = 11

// find adds the rules to the set that a text has a literal of, and reports whether there are any.
func (t *texts) find(text []byte, found bitset) bool {
	long := t.long.find(text, found)
	return t.short.find(text, found) || long
}

// textsOf returns the rules for a line.
func (p *plan) textsOf(l *matched) *texts {
	switch {
	case l.writer == logformat.ByRouter:
		return p.router
	case string(l.Source) == "app":
		return p.app
	}
	if t := p.texts[string(l.Source)]; t != nil {
		return t
	}
	return p.other
}

// ruleOf returns the rule of an error code that begins with a letter: its own or, if Heroku has added the code since, the one about unknown codes.
func (p *plan) ruleOf(code []byte, letter byte) (n uint16, found bool) {
	if n, found = p.codes[string(code)]; found {
		return n, code[0] == letter
	}
	if len(code) < 3 || code[0] != letter || p.off[string(code)] || len(bytes.Trim(code[1:], "0123456789")) > 0 || len(code) > 4 {
		return 0, false
	}
	n, found = p.codes[UnknownCode]
	return n, found
}
