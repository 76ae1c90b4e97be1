package pattern

import (
	"regexp"
	"strconv"
	"strings"
)

// condition compares one value, of a JSON property or of a field, with what the pattern asks for.
type condition struct {
	operator string // one of operators
	text     string // without the wildcards
	before   bool   // * stands before the text: anything may
	after    bool   // and behind it
	number   float64
	numeric  bool // the text is an unquoted number
	regex    *regexp.Regexp
}

// operators, the longer before those they begin with.
var operators = []string{"!=", "<=", ">=", "=", "<", ">"}

// value is what a condition is about. A number also keeps the text it was written as.
type value struct {
	text    string
	number  float64
	numeric bool
}

var numberForm = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// textValue is the value of a text that is a number if it looks like one.
func textValue(text string) value {
	v := value{text: text, numeric: numberForm.MatchString(text)}
	if v.numeric {
		v.number, _ = strconv.ParseFloat(text, 64) // out of range is ±Inf, which compares as it should
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

// condition reads an operator and a value: "text", %regex%, a number, or a word that may hold dots and wildcards.
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
		return c, badTerm(s.text[start:s.pos]) // only numbers have an order
	}
	return c, nil
}

// comparand reads what the value is compared with.
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
		return errInvalid // the keyword of IS NULL is no text
	}
	if sign := strings.IndexAny(word, "+-"); sign >= 0 {
		return badTerm(s.text[start : start+sign+1])
	}
	c.wildcards(word)
	return nil
}

// wildcards takes the * off either end; elsewhere it is a character like others.
func (c *condition) wildcards(text string) {
	c.text, c.before = strings.CutPrefix(text, "*")
	c.text, c.after = strings.CutSuffix(c.text, "*")
}

// unexpected is the error for what stands at the position: a character that begins nothing, or something out of its place.
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
		s.pos++ // only with = behind it
	}
	return s.bad(start)
}
