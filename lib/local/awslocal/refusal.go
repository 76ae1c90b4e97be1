package awslocal

import (
	"cmp"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Refusal is an error that any call of a service may get. Each service has its own status and code for it.
type Refusal int

// The values of Refusal.
const (
	RefuseNever       Refusal = iota
	RefuseThrottled           // too many calls
	RefuseFailed              // an internal error, status 500
	RefuseUnavailable         // status 503
)

// refusalShape is how a service says a Refusal.
type refusalShape struct {
	status  int
	code    string
	message string
}

// of returns the error of a service. message replaces the service's own, unless it is empty.
func (r Refusal) of(service, message string) *awsapi.Error {
	shape := r.shape(service)
	message = cmp.Or(message, shape.message)
	if service == "lambda" {
		e := restjson.Errorf(shape.status, shape.code, "%s", message)
		if r == RefuseThrottled {
			e.Fields["Reason"] = "CallerRateLimitExceeded"
		}
		return e
	}
	e := awsapi.Errorf(shape.status, shape.code, "%s", message)
	if service == "sqs" {
		e.QueryCode = shape.code
	}
	return e
}

// shape returns status, code and message.
//
//   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors and CommonErrors.html
//   - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html
//   - https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
//   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
//   - https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors and CommonErrors.html
//   - https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
//   - https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
//   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html#API_GetMetricData_Errors
//   - https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func (r Refusal) shape(service string) refusalShape {
	switch r {
	case RefuseThrottled:
		return throttled(service)
	case RefuseUnavailable:
		return unavailable(service)
	}
	return failed(service)
}

func throttled(service string) refusalShape {
	switch service {
	case "sqs":
		return refusalShape{http.StatusBadRequest, "RequestThrottled", "The request was denied due to request throttling."}
	case "lambda":
		return refusalShape{http.StatusTooManyRequests, "TooManyRequestsException", "Rate exceeded"}
	case "dynamodb":
		return refusalShape{http.StatusBadRequest, "ProvisionedThroughputExceededException",
			"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."}
	case "sns", "sts":
		return refusalShape{http.StatusBadRequest, "Throttling", "Rate exceeded"}
	case "execute-api":
		return refusalShape{http.StatusTooManyRequests, "", "Too Many Requests"}
	}
	return refusalShape{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"}
}

func failed(service string) refusalShape {
	shape := refusalShape{http.StatusInternalServerError, "InternalFailure", "The request processing has failed because of an unknown error."}
	switch service {
	case "lambda":
		shape.code = "ServiceException"
	case "dynamodb":
		shape.code = "InternalServerError"
	case "sns":
		shape.code = "InternalError"
	case "secretsmanager":
		shape.code = "InternalServiceError"
	case "monitoring":
		shape.code = "InternalServiceFault"
	case "execute-api":
		return refusalShape{http.StatusInternalServerError, "", http.StatusText(http.StatusInternalServerError)}
	}
	return shape
}

func unavailable(service string) refusalShape {
	shape := refusalShape{http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."}
	switch service {
	case "logs":
		shape.code = "ServiceUnavailableException"
	case "execute-api":
		return refusalShape{http.StatusServiceUnavailable, "", http.StatusText(http.StatusServiceUnavailable)}
	}
	return shape
}
