package cwlogs

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Every refusal of this API has the status 400.
func refusal(code, format string, args ...any) *awsapi.Error {
	return awsapi.Errorf(http.StatusBadRequest, code, format, args...)
}

func invalidParameter(format string, args ...any) *awsapi.Error {
	return refusal("InvalidParameterException", format, args...)
}

func noSuchGroup() *awsapi.Error {
	return refusal("ResourceNotFoundException", "The specified log group does not exist.")
}

func noSuchStream() *awsapi.Error {
	return refusal("ResourceNotFoundException", "The specified log stream does not exist.")
}

func invalidToken() *awsapi.Error {
	return invalidParameter("The specified nextToken is invalid.")
}
