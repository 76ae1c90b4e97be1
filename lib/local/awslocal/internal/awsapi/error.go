// Package awsapi implements the server side of AWS's JSON protocols: operations, errors and request IDs.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
package awsapi

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an error that AWS would respond with.
type Error struct {
	Status  int    // HTTP status
	Code    string // such as ResourceNotFoundException
	Message string
	// QueryCode is the code in the service's older query protocol (SQS only). SDKs show it in place of Code.
	QueryCode string
	// Fields are additional members of the error's JSON body.
	Fields map[string]any
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Fault returns Sender if the client caused the error, and Receiver if the service did.
func (e *Error) Fault() string {
	if e.Status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// Errorf returns an Error with a formatted message.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError returns the Error in err's tree. If there is none, it returns an InternalFailure with status 500 and err's text.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Errorf(http.StatusInternalServerError, "InternalFailure", "%s", err)
}
