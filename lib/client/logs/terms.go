package logs

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/logformat"
)

// pattern is a filter pattern of words or of a regular expression, as it selects lines by their text. In the JSON format, the text of a line may not
// be in its event, because the fields say it: code=H12 is "code":"H12". So events are searched for something that they have in any format, and
// then matched here. The zero value matches everything.
type pattern struct {
	words      []word
	expression *regexp.Regexp
	loose      bool // the search finds more than the pattern matches
}

// word is a word or phrase that a line must contain, must not contain (sign '-'), or may contain instead of others (sign '?').
type word struct {
	sign      byte // or 0
	text      string
	fragments []string // what the events of all lines with the text contain
}

// The start of the events in the JSON format of this version, whose lines' texts need not be in there, and an expression for it. Older versions
// wrote the time first.
const (
	leanStart  = `{"source":`
	leanEvents = `^\{\x22source\x22:`
)

// pattern reads the selection's pattern. The result is not valid if the pattern is neither words nor a regular expression, or is wrong.
func (s Selection) pattern() (p pattern, valid bool) {
	text := strings.TrimSpace(s.Pattern)
	if body, ok := strings.CutPrefix(text, "%"); ok {
		body, closed := strings.CutSuffix(body, "%")
		expression, err := regexp.Compile(body)
		if !closed || body == "" || strings.Contains(body, "%") || err != nil {
			return pattern{}, false
		}
		return pattern{expression: expression, loose: true}, true
	}
	for text != "" {
		var w word
		if text[0] == '-' || text[0] == '?' {
			w.sign, text = text[0], text[1:]
		}
		var ok bool
		if w.text, text, ok = cutWord(text); !ok {
			return pattern{}, false
		}
		text = strings.TrimSpace(text)
		w.fragments = fragments(w.text)
		p.loose = p.loose || len(w.fragments) != 1 || w.fragments[0] != w.text
		p.words = append(p.words, w)
	}
	return p, true
}

// signed returns the words with a sign.
func (p pattern) signed(sign byte) []word {
	var found []word
	for _, w := range p.words {
		if w.sign == sign {
			found = append(found, w)
		}
	}
	return found
}

// options returns the words of which a line must contain one: together with other words, CloudWatch Logs ignores them.
func (p pattern) options() []word {
	options := p.signed('?')
	if len(options) < len(p.words) {
		return nil
	}
	return options
}

// optionFragments returns a fragment of each option; none if an option has none.
func (p pattern) optionFragments() []string {
	var longest []string
	for _, w := range p.options() {
		best := ""
		for _, fragment := range w.fragments {
			if len(fragment) > len(best) {
				best = fragment
			}
		}
		if best == "" {
			return nil
		}
		longest = append(longest, best)
	}
	return longest
}

// search returns a filter pattern that matches the events of all lines that the pattern matches.
func (p pattern) search() string {
	if p.expression != nil {
		return "%" + p.expression.String() + "|" + leanEvents + "%"
	}
	var terms []string
	for _, fragment := range p.optionFragments() {
		terms = append(terms, "?"+quote(fragment))
	}
	for _, w := range p.signed(0) {
		for _, fragment := range w.fragments {
			terms = append(terms, quote(fragment))
		}
	}
	for _, w := range p.signed('-') {
		terms = append(terms, "-"+quote(w.text))
	}
	return strings.Join(terms, " ")
}

// matches reports whether an event that the search has found is of a line that the pattern matches: as it is stored, or as the text format has it.
func (p pattern) matches(e Event) bool {
	if !p.loose {
		return true
	}
	event, read := aws.ToString(e.Message), false
	var line string
	text := func() string {
		if !read && strings.HasPrefix(event, "{") {
			l := ReadLine(e)
			line = string(logformat.Text().Append(nil, &l))
		}
		read = true
		return line
	}
	if p.expression != nil {
		// Others have been found by the expression itself.
		return !strings.HasPrefix(event, leanStart) || p.expression.MatchString(event) || p.expression.MatchString(text())
	}
	has := func(w word) bool { return strings.Contains(event, w.text) || strings.Contains(text(), w.text) }
	for _, w := range p.words {
		if w.sign != '?' && has(w) != (w.sign == 0) {
			return false
		}
	}
	options := p.options()
	for _, w := range options {
		if has(w) {
			return true
		}
	}
	return len(options) == 0
}

var (
	// separators are what an event can have in another form than its line's text: between the parts of pairs and objects, and escaped characters.
	separators = regexp.MustCompile(`[^-A-Za-z0-9_./@$+~*!?;:%&'()|<>\x{80}-\x{10ffff}]+`)
	// inUnit matches the beginning of a unit after a number, which the event does not have.
	inUnit = regexp.MustCompile(`([0-9])(?:m|ms|M|MB|k|kB|b|by|byt|byte|bytes|p|pa|pag|page|pages)$`)
)

// unstored are what the text of a line can have, and its event not: units, the names of pairs without a value, and what precedes samples.
var unstored = []string{"ms", "MB", "kB", "bytes", "pages", "sample", "dyno", "connect", "service", "status"}

// fragments returns parts of a text that are in the events of all lines with the text.
func fragments(text string) []string {
	found := []string{}
	for _, part := range separators.Split(text, -1) {
		part = inUnit.ReplaceAllString(part, "$1")
		if part != "" && !isUnstored(part) {
			found = append(found, part)
		}
	}
	return found
}

func isUnstored(part string) bool {
	for _, text := range unstored {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
