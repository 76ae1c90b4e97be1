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
		alternatives = append(alternatives, `\x20status=`+strings.ReplaceAll(one, "x", `\d`))
	}
	return strings.Join(alternatives, "|")
}

// requestID matches what Heroku accepts from a client as a request's ID, and what other systems send along in a similar role.
// https://devcenter.heroku.com/articles/http-request-id
var requestID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:+=-]{3,199}$`)

// CheckRequestID returns an error if a text cannot be a request's ID.
func CheckRequestID(id string) error {
	if !requestID.MatchString(id) {
		return fmt.Errorf("%q is not a request ID: it is the value of request_id in a router line, such as 4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41", id)
	}
	return nil
}
