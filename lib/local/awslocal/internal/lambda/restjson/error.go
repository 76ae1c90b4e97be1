// Package restjson implements the server side of Lambda's REST protocol: routes by method and path, JSON bodies, and Lambda's errors.
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
package restjson

import (
	"fmt"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Errorf returns a Lambda error. Lambda's errors have a member Type that says whether the user or the service caused them; it depends on the
// status. Some name their text "message" and some "Message", so both are set. SDKs read the one in their model.
func Errorf(status int, code, format string, args ...any) *awsapi.Error {
	e := awsapi.Errorf(status, code, format, args...)
	fault := "User"
	if status >= http.StatusInternalServerError {
		fault = "Service"
	}
	e.Fields = map[string]any{"Type": fault, "Message": e.Message}
	return e
}

// InvalidParameterf returns the error for a parameter that the API's model allows but that is invalid, or unsupported here.
func InvalidParameterf(format string, args ...any) *awsapi.Error {
	return Errorf(http.StatusBadRequest, "InvalidParameterValueException", format, args...)
}

// Constraint returns the error for a value that the API's model does not allow: "Value '0' at 'batchSize' failed to satisfy constraint: …".
func Constraint(value any, member, constraint string) *awsapi.Error {
	message := fmt.Sprintf("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: Member must %s", value, member, constraint)
	return awsapi.Errorf(http.StatusBadRequest, "ValidationException", "%s", message)
}

// Range checks that a number is in the range that the API's model allows.
func Range(value int, member string, smallest, largest int) error {
	switch {
	case value < smallest:
		return Constraint(value, member, fmt.Sprintf("have value greater than or equal to %d", smallest))
	case value > largest:
		return Constraint(value, member, fmt.Sprintf("have value less than or equal to %d", largest))
	}
	return nil
}

// NotFoundf returns the error for a function, a mapping or a tagged resource that does not exist.
func NotFoundf(format string, args ...any) *awsapi.Error {
	return Errorf(http.StatusNotFound, "ResourceNotFoundException", format, args...)
}
