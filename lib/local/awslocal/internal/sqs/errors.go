package sqs

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// queryPrefix starts the error codes that SQS kept from its older query protocol. SDKs show those codes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
const queryPrefix = "AWS.SimpleQueueService."

// refusal returns an error whose code is the same in both protocols.
func refusal(code, format string, args ...any) *awsapi.Error {
	e := awsapi.Errorf(http.StatusBadRequest, code, format, args...)
	e.QueryCode = code
	return e
}

// prefixed returns an error whose code has the prefix in the query protocol.
func prefixed(code, format string, args ...any) *awsapi.Error {
	e := refusal(code, format, args...)
	e.QueryCode = queryPrefix + code
	return e
}

func invalidParameter(format string, args ...any) *awsapi.Error {
	e := refusal("InvalidParameterValue", format, args...)
	e.Code = "InvalidParameterValueException"
	return e
}

func missingParameter(name string) *awsapi.Error {
	e := refusal("MissingParameter", "The request must contain the parameter %s.", name)
	e.Code = "MissingRequiredParameterException"
	return e
}

func noSuchQueue() *awsapi.Error {
	e := refusal("QueueDoesNotExist", "The specified queue does not exist.")
	e.QueryCode = queryPrefix + "NonExistentQueue"
	return e
}

func queueNameExists(attribute string) *awsapi.Error {
	e := refusal("QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", attribute)
	e.QueryCode = "QueueAlreadyExists"
	return e
}

func noSuchResource(format string, args ...any) *awsapi.Error {
	e := refusal("ResourceNotFoundException", format, args...)
	e.Status = http.StatusNotFound
	return e
}

// unsupported returns the error for a feature that SQS has and this package does not implement.
func unsupported(feature string) *awsapi.Error {
	return prefixed("UnsupportedOperation", "the embedded AWS does not support %s", feature)
}
