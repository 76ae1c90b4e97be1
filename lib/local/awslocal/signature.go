package awslocal

import (
	"errors"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
)

// signatureErrors are the codes for a signature that is turned down: of the query protocol, which SQS kept for its SDK clients, and of
// the JSON and REST services.
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

// signatureError is the error a service answers with when a request's signature is no good.
func signatureError(service string, err error) error {
	for _, e := range signatureErrors {
		if !errors.Is(err, e.cause) {
			continue
		}
		switch service {
		case "sts":
			return awsapi.Errorf(http.StatusForbidden, e.query, "%s", err)
		case "sqs":
			refused := awsapi.Errorf(http.StatusForbidden, e.json, "%s", err)
			refused.QueryCode = e.query
			return refused
		case "lambda":
			return awsapi.Errorf(http.StatusForbidden, e.json, "%s", err)
		default: // the JSON protocol answers 400
			return awsapi.Errorf(http.StatusBadRequest, e.json, "%s", err)
		}
	}
	return err
}
