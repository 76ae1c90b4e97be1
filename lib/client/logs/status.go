package logs

import (
	"fmt"
	"regexp"
	"strings"
)

// Statuses are HTTP statuses (503) and classes of them (5xx).
type Statuses []string

// status matches one of Statuses.
var status = regexp.MustCompile(`^[1-5](xx|[0-9][0-9])$`)

// ParseStatuses reads statuses and classes that are separated by commas: "404,5xx".
func ParseStatuses(text string) (Statuses, error) {
	var all Statuses
	for one := range strings.SplitSeq(strings.ToLower(text), ",") {
		one = strings.TrimSpace(one)
		if !status.MatchString(one) {
			return nil, fmt.Errorf("%q is not an HTTP status (503) or a class of them (5xx)", one)
		}
		all = append(all, one)
	}
	return all, nil
}

// Has reports whether a router line's status is one of them.
func (s Statuses) Has(code string) bool {
	for _, one := range s {
		if code == one || len(code) == len(one) && one[1:] == "xx" && code[0] == one[0] {
			return true
		}
	}
	return false
}

// expression returns a regular expression that matches each router line with one of them.
func (s Statuses) expression() string {
	var alternatives []string
	for _, one := range s {
		code := strings.ReplaceAll(one, "x", `\d`)
		alternatives = append(alternatives, `\x20status=`+code, `\x22status\x22:`+code)
	}
	return strings.Join(alternatives, "|")
}
