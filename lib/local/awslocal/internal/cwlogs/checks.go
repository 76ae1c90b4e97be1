package cwlogs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// checks collects the violated constraints of a request's members. AWS reports all of them at once.
type checks struct {
	problems []string
}

// err returns the error that reports every violation, or nil if there are none.
func (c *checks) err() error {
	switch len(c.problems) {
	case 0:
		return nil
	case 1:
		return invalidParameter("1 validation error detected: %s", c.problems[0])
	default:
		return invalidParameter("%d validation errors detected: %s", len(c.problems), strings.Join(c.problems, "; "))
	}
}

// fail adds a violation: the value of a member does not satisfy a constraint. value is in AWS's notation: 'quoted', null or empty.
func (c *checks) fail(value, member, constraint string, args ...any) {
	if value != "" {
		value += " "
	}
	c.problems = append(c.problems,
		fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: Member must %s", value, member, fmt.Sprintf(constraint, args...)))
}

// required checks that a member was given, and reports whether it was.
func (c *checks) required(member string, given bool) bool {
	if !given {
		c.fail("null", member, "not be null")
	}
	return given
}

// text checks a text's length in characters and its form. A maximum of 0 means no limit, and a nil form allows every character.
func (c *checks) text(member, value string, minimum, maximum int, form *regexp.Regexp) {
	length := len(utf16.Encode([]rune(value))) // AWS counts characters as Java does
	if length < minimum {
		c.fail("'"+value+"'", member, "have length greater than or equal to %d", minimum)
	}
	if maximum > 0 && length > maximum {
		c.fail("'"+value+"'", member, "have length less than or equal to %d", maximum)
	}
	if form != nil && !form.MatchString(value) {
		unanchored := strings.TrimSuffix(strings.TrimPrefix(form.String(), "^"), "$")
		c.fail("'"+value+"'", member, "satisfy regular expression pattern: %s", unanchored)
	}
}

// number checks the range of a number. A nil value, a member that was not given, is valid.
func (c *checks) number(member string, value *int64, minimum, maximum int64) {
	if value == nil {
		return
	}
	if *value < minimum {
		c.fail(fmt.Sprintf("'%d'", *value), member, "have value greater than or equal to %d", minimum)
	}
	if *value > maximum {
		c.fail(fmt.Sprintf("'%d'", *value), member, "have value less than or equal to %d", maximum)
	}
}

// oneOf checks that a text is one of the allowed values.
func (c *checks) oneOf(member, value string, values ...string) {
	if !slices.Contains(values, value) {
		c.fail("'"+value+"'", member, "satisfy enum value set: [%s]", strings.Join(values, ", "))
	}
}

// token checks that a nextToken, if given, is not empty.
func (c *checks) token(value *string) {
	if value != nil {
		c.text("nextToken", *value, 1, 0, nil)
	}
}
