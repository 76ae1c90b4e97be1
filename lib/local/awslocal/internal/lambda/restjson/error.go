// Package restjson is the protocol of Lambda's API from the server's side: routes by method and path, JSON bodies, and Lambda's errors.
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
package restjson

import (
	"fmt"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Errorf is an error of Lambda's, of the client's making unless the status is 500 or more. Lambda's exceptions carry who is to blame in
// Type; some spell their text "message", some "Message", so that both are sent: SDKs read the member their model names.
func Errorf(status int, code, format string, args ...any) *awsapi.Error {
	e := awsapi.Errorf(status, code, format, args...)
	fault := "User"
	if status >= http.StatusInternalServerError {
		fault = "Service"
	}
	e.Fields = map[string]any{"Type": fault, "Message": e.Message}
	return e
}

// InvalidParameterf is the refusal of a parameter that its model allows, but not here or not with the others.
func InvalidParameterf(format string, args ...any) *awsapi.Error {
	return Errorf(http.StatusBadRequest, "InvalidParameterValueException", format, args...)
}

// Constraint is the refusal of a value outside of its model: "Value '0' at 'batchSize' failed to satisfy constraint: …".
func Constraint(value any, member, constraint string) *awsapi.Error {
	message := fmt.Sprintf("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: Member must %s", value, member, constraint)
	return awsapi.Errorf(http.StatusBadRequest, "ValidationException", "%s", message)
}

// Range checks a number against its model's smallest and largest.
func Range(value int, member string, smallest, largest int) error {
	switch {
	case value < smallest:
		return Constraint(value, member, fmt.Sprintf("have value greater than or equal to %d", smallest))
	case value > largest:
		return Constraint(value, member, fmt.Sprintf("have value less than or equal to %d", largest))
	}
	return nil
}

// NotFoundf is the error for a function, mapping or tagged resource that is not there.
func NotFoundf(format string, args ...any) *awsapi.Error {
	return Errorf(http.StatusNotFound, "ResourceNotFoundException", format, args...)
}
