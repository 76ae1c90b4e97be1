package awslocal

import (
	"errors"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
)

// signatureErrors holds the error codes for rejected signatures: those of the query protocol, which SQS still sends to its SDK clients,
// and those of the JSON and REST services.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
var signatureErrors = []struct {
	cause       error
	query, json string
}{
	{sigv4.ErrMissing, "MissingAuthenticationToken", "MissingAuthenticationTokenException"},
	{sigv4.ErrIncomplete, "IncompleteSignature", "IncompleteSignatureException"},
	{sigv4.ErrUnknownKey, "InvalidClientTokenId", "UnrecognizedClientException"},
	{sigv4.ErrExpired, "SignatureDoesNotMatch", "InvalidSignatureException"},
	{sigv4.ErrMismatch, "SignatureDoesNotMatch", "InvalidSignatureException"},
}

// signatureError returns the error that a service responds with if Verify has rejected a request with err.
func signatureError(service string, err error) error {
	for _, e := range signatureErrors {
		if !errors.Is(err, e.cause) {
			continue
		}
		switch service {
		case "sts", "sns":
			return awsapi.Errorf(http.StatusForbidden, e.query, "%s", err)
		case "sqs":
			rejected := awsapi.Errorf(http.StatusForbidden, e.json, "%s", err)
			rejected.QueryCode = e.query
			return rejected
		case "lambda":
			return awsapi.Errorf(http.StatusForbidden, e.json, "%s", err)
		default: // the JSON protocol uses status 400
			return awsapi.Errorf(http.StatusBadRequest, e.json, "%s", err)
		}
	}
	return err
}
