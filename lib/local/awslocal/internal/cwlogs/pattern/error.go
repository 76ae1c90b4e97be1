package pattern

import "fmt"

// Error says why AWS would refuse a pattern, in AWS's words; the API answers it as InvalidParameterException.
type Error struct {
	Message string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// errInvalid is AWS's answer for what is made of good parts but is no pattern.
var errInvalid = &Error{Message: "Invalid filter pattern"}

// badTerm is AWS's answer for a term that holds, as its last character, one that terms cannot hold.
func badTerm(term string) error {
	return &Error{Message: fmt.Sprintf("Invalid character(s) in term '%s'", term)}
}
