// Package runtimeapi runs unmodified Lambda binaries. It starts them as processes and serves the Lambda Runtime API to each.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package runtimeapi

import (
	"encoding/json"
	"fmt"
)

// Failure is the failure of an invocation.
type Failure struct {
	Payload []byte // the JSON object that Lambda responds with, with errorMessage and errorType
}

// Failuref returns a Failure that Lambda itself reports, not the function.
func Failuref(errorType, format string, args ...any) *Failure {
	payload, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": fmt.Sprintf(format, args...)})
	if err != nil {
		payload = []byte(`{"errorType":"Runtime.Unknown"}`) // cannot happen: strings always marshal
	}
	return &Failure{Payload: payload}
}

// TimedOut returns the Failure of an invocation that exceeded its timeout.
func TimedOut(i Invocation) *Failure {
	return Failuref("Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", i.RequestID, i.Timeout.Seconds())
}

// TooLarge returns the Failure of an invocation whose response exceeds MaxResponse.
func TooLarge() *Failure {
	return Failuref("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (%d bytes).", MaxResponse)
}

// Error returns the failure as Lambda reports it.
func (f *Failure) Error() string {
	return "the function failed: " + string(f.Payload)
}
