// Package cause says in a sentence why a call of AWS failed, and what to do about it, in place of the text of the AWS SDK.
package cause

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/reach"
)

// Kind is a cause that has a fix of its own.
type Kind int

// The kinds.
const (
	Other         Kind = iota
	Unreachable        // no connection to AWS
	NoRegion           // AWS does not have the Region
	NoProfile          // the AWS configuration has no such profile
	NoCredentials      // none were found
	SignedOut          // the SSO session has expired
	Expired            // temporary credentials have expired
	Rejected           // AWS does not know the access key, or the signature does not match it
	NeedsMFA           // the profile needs a code that only a person has
	Process            // the profile's credential_process failed
	Clock              // this machine's clock is wrong
	Denied             // a policy does not allow the action: see Denial
	Throttled
)

// Cause is why a call failed.
type Cause struct {
	Kind Kind
	Text string // in words, without the fix; empty for Other
}

// RegionError means that AWS does not have the Region.
type RegionError struct{ Region string }

// Error names the Region.
func (e *RegionError) Error() string { return "there is no AWS Region " + e.Region }

// RetryableError tells the SDK not to retry.
func (*RegionError) RetryableError() bool { return false }

// metadata is the ID of the service that gives credentials to programs on EC2. The SDK looks there last, so if it cannot
// be reached, no credentials were found.
const metadata = "ec2imds"

// Of returns the cause in an error of the AWS SDK.
func Of(err error) Cause {
	if missing, ok := errors.AsType[*RegionError](err); ok {
		return Cause{NoRegion, missing.Error()}
	}
	if missing, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return Cause{NoProfile, "there is no AWS profile named " + missing.Profile}
	}
	if op, ok := errors.AsType[*smithy.OperationError](err); ok && op.Service() == metadata {
		return Cause{NoCredentials, "no AWS credentials found"}
	}
	if unreachable, ok := reach.Find(err); ok {
		return Cause{Unreachable, unreachable.Error()}
	}
	if found := ofCredentials(err); found.Kind != Other {
		return found
	}
	if refused, ok := errors.AsType[smithy.APIError](err); ok {
		return ofCode(refused.ErrorCode(), refused.ErrorMessage())
	}
	return Cause{}
}

// ofCredentials returns the cause for an error of the SDK's sources of credentials.
func ofCredentials(err error) Cause {
	signedOut := Cause{SignedOut, "the AWS SSO session has expired"}
	if _, ok := errors.AsType[*ssocreds.InvalidTokenError](err); ok {
		return signedOut
	}
	if op, ok := errors.AsType[*smithy.OperationError](err); ok && (op.Service() == "SSO" || op.Service() == "SSO OIDC") {
		return signedOut
	}
	if _, ok := errors.AsType[*processcreds.ProviderError](err); ok {
		return Cause{Process, fmt.Sprintf("the credential_process of the AWS profile failed: %v", Innermost(err))}
	}
	if _, ok := errors.AsType[config.AssumeRoleTokenProviderNotSetError](err); ok {
		return Cause{NeedsMFA, "the AWS profile needs an MFA code, which this program does not ask for"}
	}
	if says(err, "SSO token") { // the SDK has no type for these
		return signedOut
	}
	return Cause{}
}

// says reports whether the text of err, or of an error that it wraps, contains words.
func says(err error, words string) bool {
	if err == nil {
		return false
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.ContainsFunc(several.Unwrap(), func(err error) bool { return says(err, words) })
	}
	return strings.Contains(err.Error(), words) || says(errors.Unwrap(err), words)
}

// ofCode returns the cause for an error code of AWS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
func ofCode(code, message string) Cause {
	switch code {
	case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
		return Cause{Expired, "the AWS credentials have expired"}
	case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
		return Cause{Clock, clockText}
	case "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature":
		if strings.Contains(message, "Signature expired") || strings.Contains(message, "not yet current") {
			return Cause{Clock, clockText}
		}
		return Cause{Rejected, "AWS rejects the signature: the secret access key does not belong to the access key"}
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure", "InvalidToken", "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", "UnrecognizedClient":
		return Cause{Rejected, "AWS does not know these credentials in this Region"}
	case "OptInRequired":
		return Cause{Rejected, "the Region is not enabled for this AWS account"}
	}
	if IsDenial(code) {
		return Cause{Denied, ReadDenial(message).String()}
	}
	if IsThrottling(code) {
		return Cause{Throttled, "AWS throttled the call"}
	}
	return Cause{}
}

const clockText = "AWS rejects the time of the request: this machine's clock is wrong"

// IsThrottling reports whether an error code of the services called here means that AWS throttled the call.
func IsThrottling(code string) bool {
	return strings.HasPrefix(code, "Throttl") || code == "TooManyRequestsException" || code == "RequestThrottled" || code == "RequestLimitExceeded"
}

// Fix returns what to do about the cause, or "" if that is unknown. profile is the AWS profile in use; empty: the default one.
func (c Cause) Fix(profile string) string {
	option := ""
	if profile != "" {
		option = " --profile " + Quote(profile)
	}
	switch c.Kind {
	case Unreachable:
		return "check the network, and the proxy if there is one"
	case NoRegion:
		return "choose the Region of the stack with --region or AWS_REGION, such as eu-west-1"
	case NoProfile:
		return "`aws configure list-profiles` lists the profiles"
	case NoCredentials:
		return "sign in (`aws sso login" + option + "` or `aws configure" + option + "`), choose another --profile, or try --local"
	case SignedOut:
		return "sign in again: `aws sso login" + option + "`"
	case Expired:
		return "sign in again (`aws sso login" + option + "`), or get new temporary credentials"
	case Rejected:
		return "check the access key (`aws configure list" + option + "` shows where it comes from), and that the Region is enabled for the account"
	case NeedsMFA:
		return "get credentials with `aws configure export-credentials" + option + " --format env`, which asks for the code, and export them"
	case Process:
		return "run it by hand to see what is wrong, or choose another --profile"
	case Clock:
		return "synchronize the clock, for example with NTP"
	case Throttled:
		return "try again in a minute; if it persists, request a higher quota (Service Quotas)"
	}
	return ""
}
