// Package awsapi speaks the JSON protocols of AWS's services from the server's side: operations, errors, request ids.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
package awsapi

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an answer that AWS would give for a request it turns down.
type Error struct {
	Status  int    // HTTP status
	Code    string // AWS's name for it, such as ResourceNotFoundException
	Message string
	// QueryCode is the code of the service's older query protocol, where it differs (SQS): SDKs show it in place of Code.
	QueryCode string
	// Fields join the error's JSON body, for the errors that carry more than a message.
	Fields map[string]any
}

// Error is the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf makes an Error with a formatted message.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError is err as an AWS error; what is none becomes InternalFailure with status 500.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Errorf(http.StatusInternalServerError, "InternalFailure", "%s", err)
}
