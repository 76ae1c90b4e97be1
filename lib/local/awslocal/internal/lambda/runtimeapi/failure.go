// Package runtimeapi runs unmodified Lambda binaries: it starts them as processes and serves each the Lambda Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package runtimeapi

import (
	"encoding/json"
	"fmt"
)

// Failure is how an invocation failed: the JSON object that Lambda answers with, which holds errorMessage and errorType.
type Failure struct {
	Payload []byte
}

// Failuref makes the Failure that Lambda itself reports for a function that could not.
func Failuref(errorType, format string, args ...any) *Failure {
	payload, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": fmt.Sprintf(format, args...)})
	if err != nil {
		payload = []byte(`{"errorType":"Runtime.Unknown"}`) // strings always marshal
	}
	return &Failure{Payload: payload}
}

// TimedOut is the Failure of an invocation that exceeded its function's timeout.
func TimedOut(i Invocation) *Failure {
	return Failuref("Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", i.RequestID, i.Timeout.Seconds())
}

// TooLarge is the Failure of an invocation whose response exceeds MaxResponse.
func TooLarge() *Failure {
	return Failuref("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (%d bytes).", MaxResponse)
}

// Error is the failure as Lambda reports it.
func (f *Failure) Error() string {
	return "the function failed: " + string(f.Payload)
}
