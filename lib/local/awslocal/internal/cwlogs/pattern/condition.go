package pattern

import (
	"regexp"
	"strconv"
	"strings"
)

// condition compares a value, of a JSON property or of a field, with a comparand.
type condition struct {
	operator string // one of operators
	text     string // without wildcards
	before   bool   // whether a * precedes the text
	after    bool   // whether a * follows the text
	number   float64
	numeric  bool // whether the text is an unquoted number
	regex    *regexp.Regexp
}

// operators lists the operators. An operator comes before its prefixes.
var operators = []string{"!=", "<=", ">=", "=", "<", ">"}

// value is a value that conditions apply to. A number also has the text it was written as.
type value struct {
	text    string
	number  float64
	numeric bool
}

var numberForm = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// textValue returns the value of a text, which is numeric if it looks like a number.
func textValue(text string) value {
	v := value{text: text, numeric: numberForm.MatchString(text)}
	if v.numeric {
		v.number, _ = strconv.ParseFloat(text, 64) // ±Inf if out of range, which compares correctly
	}
	return v
}

func (c condition) holds(v value) bool {
	switch c.operator {
	case "=":
		return c.equals(v)
	case "!=":
		return !c.equals(v)
	}
	if !v.numeric {
		return false
	}
	switch c.operator {
	case "<":
		return v.number < c.number
	case "<=":
		return v.number <= c.number
	case ">":
		return v.number > c.number
	default:
		return v.number >= c.number
	}
}

func (c condition) equals(v value) bool {
	switch {
	case c.regex != nil:
		return c.regex.MatchString(v.text)
	case c.numeric && v.numeric:
		return v.number == c.number
	case c.before && c.after:
		return strings.Contains(v.text, c.text)
	case c.before:
		return strings.HasSuffix(v.text, c.text)
	case c.after:
		return strings.HasPrefix(v.text, c.text)
	default:
		return v.text == c.text
	}
}

// condition parses an operator and a comparand: "text", %regex%, a number, or a word that may contain dots and wildcards.
func (s *scanner) condition() (condition, error) {
	var c condition
	for _, operator := range operators {
		if s.take(operator) {
			c.operator = operator
			break
		}
	}
	if c.operator == "" {
		return c, s.unexpected()
	}
	s.skipSpace()
	start := s.pos
	if err := s.comparand(&c); err != nil {
		return c, err
	}
	if c.operator != "=" && c.operator != "!=" && !c.numeric {
		return c, badTerm(s.text[start:s.pos]) // only numbers are ordered
	}
	return c, nil
}

// comparand parses what the value is compared with.
func (s *scanner) comparand(c *condition) (err error) {
	switch {
	case strings.HasPrefix(s.rest(), "%"):
		c.regex, err = s.regex()
		return err
	case strings.HasPrefix(s.rest(), `"`):
		text, err := s.quoted()
		c.wildcards(text)
		return err
	}
	start := s.pos
	word := s.run(func(c byte) bool { return isTermByte(c) || c == '.' || c == '*' || c == '+' || c == '-' })
	switch {
	case word == "":
		return s.unexpected()
	case numberForm.MatchString(word):
		v := textValue(word)
		c.text, c.number, c.numeric = v.text, v.number, true
		return nil
	case strings.EqualFold(word, "null"):
		return errInvalid // null is a keyword, of IS NULL
	}
	if sign := strings.IndexAny(word, "+-"); sign >= 0 {
		return badTerm(s.text[start : start+sign+1])
	}
	c.wildcards(word)
	return nil
}

// wildcards sets the text without a * at either end, which is a wildcard. A * elsewhere is an ordinary character.
func (c *condition) wildcards(text string) {
	c.text, c.before = strings.CutPrefix(text, "*")
	c.text, c.after = strings.CutSuffix(c.text, "*")
}

// unexpected returns the error for what is at the position: a character that cannot start anything, or something in the wrong place.
func (s *scanner) unexpected() error {
	if s.done() {
		return errInvalid
	}
	c := s.text[s.pos]
	if isTermByte(c) || strings.IndexByte(`$"%*.()=<>&|+-[]`, c) >= 0 {
		return errInvalid
	}
	start := s.pos
	if c == '!' {
		s.pos++ // ! is valid only before =, so AWS reports the character after it
	}
	return s.bad(start)
}

// logic parses conditions of a type T joined by && and ||. && binds more tightly.
type logic[T any] struct {
	s        *scanner
	operand  func() (T, error)
	all, any func(left, right T) T
}

func (l *logic[T]) expression() (T, error) {
	return l.joined("||", func() (T, error) { return l.joined("&&", l.operand, l.all) }, l.any)
}

func (l *logic[T]) joined(operator string, operand func() (T, error), join func(left, right T) T) (T, error) {
	left, err := operand()
	for err == nil {
		l.s.skipSpace()
		if !l.s.take(operator) {
			break
		}
		var right T
		if right, err = operand(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}
