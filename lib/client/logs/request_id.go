package logs

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// requestID matches what Heroku accepts from a client as a request's ID, and what other systems send along in a similar role.
	// https://devcenter.heroku.com/articles/http-request-id
	requestID = regexp.MustCompile(`^[A-Za-z0-9+/=][A-Za-z0-9+/=_.:-]{19,199}$`)
	// shortID matches the beginning of an ID that Heroku generates, as long as people and programs shorten it to.
	shortID = regexp.MustCompile(`^[0-9A-Fa-f][0-9A-Fa-f-]{7,18}$`)
)

// ParseRequestID returns the request's ID in a text: a whole ID, or 8 or more characters of the beginning of one that Heroku generated; with or
// without the name that router lines give it, request_id=. The error says what an ID is.
func ParseRequestID(text string) (string, error) {
	id := strings.TrimPrefix(text, "request_id=")
	if !requestID.MatchString(id) && !shortID.MatchString(id) {
		return "", fmt.Errorf("%q is not a request ID: give the value of request_id in a router line, such as "+
			"4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41, or its first 8 or more characters", id)
	}
	return id, nil
}
