package cwlogs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// checks collects what is wrong with the members of a request. AWS reports all of it at once.
type checks struct {
	problems []string
}

// err is the refusal, or nil when nothing was wrong.
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

// fail notes that the value of a member breaks a constraint. value is as AWS writes it: 'quoted', null or nothing.
func (c *checks) fail(value, member, constraint string, args ...any) {
	if value != "" {
		value += " "
	}
	c.problems = append(c.problems,
		fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: Member must %s", value, member, fmt.Sprintf(constraint, args...)))
}

// required notes a member that was not given.
func (c *checks) required(member string, given bool) bool {
	if !given {
		c.fail("null", member, "not be null")
	}
	return given
}

// text checks a text of min to max characters. A nil form allows every character; max 0 is no limit.
func (c *checks) text(member, value string, minimum, maximum int, form *regexp.Regexp) {
	length := len(utf16.Encode([]rune(value))) // as Java counts characters
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

// number checks a number that may be left out.
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

// oneOf checks a text that has only some values.
func (c *checks) oneOf(member, value string, values ...string) {
	if !slices.Contains(values, value) {
		c.fail("'"+value+"'", member, "satisfy enum value set: [%s]", strings.Join(values, ", "))
	}
}

// token checks a nextToken for being more than nothing.
func (c *checks) token(value *string) {
	if value != nil {
		c.text("nextToken", *value, 1, 0, nil)
	}
}
