package cause_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/cause"
)

// operation returns an error as the SDK has it: after several attempts, with its text around the cause.
func operation(service, name string, err error) error {
	return &smithy.OperationError{
		ServiceID: service, OperationName: name,
		Err: fmt.Errorf("exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , %w", err),
	}
}

func TestPlain(t *testing.T) {
	filter := func(err error) error {
		return fmt.Errorf("read the logs: %w", operation("CloudWatch Logs", "FilterLogEvents", err))
	}
	code := func(code, message string) error { return filter(&smithy.GenericAPIError{Code: code, Message: message}) }
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: err}
	}
	const denial = "User: arn:aws:iam::1:user/me is not authorized to perform: logs:FilterLogEvents on resource: arn:x because no policy allows it"
	for name, test := range map[string]struct {
		err       error
		kind      cause.Kind
		want, fix string // fix: a part of it
	}{
		"not AWS's":                {errors.New("no drain"), cause.Other, "no drain", ""},
		"refused":                  {code("ResourceNotFoundException", "The log group does not exist."), cause.Other, "read the logs: CloudWatch Logs FilterLogEvents failed: The log group does not exist. (ResourceNotFoundException)", ""},
		"refused without a reason": {code("InternalFailure", ""), cause.Other, "read the logs: CloudWatch Logs FilterLogEvents failed: InternalFailure", ""},
		"throttled":                {code("ThrottlingException", "Rate exceeded"), cause.Throttled, "read the logs: AWS throttled CloudWatch Logs FilterLogEvents", "try again"},
		"expired":                  {code("ExpiredTokenException", "The security token is expired"), cause.Expired, "read the logs: the AWS credentials have expired", "`aws sso login --profile 'my team'`"},
		"unknown key":              {code("UnrecognizedClientException", "The security token is invalid"), cause.Rejected, "read the logs: AWS does not know these credentials in this Region", "`aws configure list --profile 'my team'`"},
		"wrong secret":             {code("InvalidSignatureException", "does not match"), cause.Rejected, "read the logs: AWS rejects the signature: the secret access key does not belong to the access key", "access key"},
		"wrong clock":              {code("InvalidSignatureException", "Signature expired: 2026 is now earlier than 2027"), cause.Clock, "read the logs: AWS rejects the time of the request: this machine's clock is wrong", "NTP"},
		"denied":                   {code("AccessDeniedException", denial), cause.Denied, "read the logs: arn:aws:iam::1:user/me is not authorized to perform logs:FilterLogEvents on arn:x", ""},
		"no such host": {
			filter(dial(&net.DNSError{Name: "logs.us-east-9.amazonaws.com", Err: "no such host", IsNotFound: true})), cause.Unreachable,
			"read the logs: cannot reach CloudWatch Logs at 192.0.2.1:443: no host has this name", "network",
		},
		"no network":      {filter(dial(os.NewSyscallError("connect", syscall.ENETUNREACH))), cause.Unreachable, "read the logs: cannot reach CloudWatch Logs at 192.0.2.1:443: no network connection", "network"},
		"refused by TCP":  {filter(dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))), cause.Unreachable, "read the logs: cannot reach CloudWatch Logs at 192.0.2.1:443: connection refused", "network"},
		"no time left":    {filter(context.DeadlineExceeded), cause.Other, "read the logs: no response from CloudWatch Logs in time", ""},
		"anything else":   {filter(errors.New("malformed chunk")), cause.Other, "read the logs: CloudWatch Logs FilterLogEvents failed: malformed chunk", ""},
		"no such Region":  {filter(&cause.RegionError{Region: "us-east-9"}), cause.NoRegion, "read the logs: there is no AWS Region us-east-9", "--region"},
		"no such profile": {config.SharedConfigProfileNotExistError{Profile: "nope"}, cause.NoProfile, "", "`aws configure list-profiles`"},
		"no credentials":  {operation("ec2imds", "GetMetadata", dial(os.ErrDeadlineExceeded)), cause.NoCredentials, "no AWS credentials found", "`aws sso login --profile 'my team'`"},
		"signed out":      {&ssocreds.InvalidTokenError{}, cause.SignedOut, "", "`aws sso login --profile 'my team'`"},
		"signed out of a session": {operation("SSO OIDC", "CreateToken", &smithy.GenericAPIError{Code: "InvalidGrantException"}), cause.SignedOut,
			"the AWS SSO session has expired", "`aws sso login --profile 'my team'`"},
		"SSO without a network": {operation("SSO", "GetRoleCredentials", dial(os.NewSyscallError("connect", syscall.ENETUNREACH))), cause.Unreachable,
			"cannot reach SSO at 192.0.2.1:443: no network connection", "network"},
		"MFA": {config.AssumeRoleTokenProviderNotSetError{}, cause.NeedsMFA, "", "`aws configure export-credentials --profile 'my team' --format env`"},
		"two at once": {errors.Join(code("ExpiredToken", ""), code("ThrottlingException", "")), cause.Expired,
			"read the logs: the AWS credentials have expired\nread the logs: AWS throttled CloudWatch Logs FilterLogEvents", ""},
	} {
		found := cause.Of(test.err)
		if found.Kind != test.kind || !strings.Contains(found.Fix("my team"), test.fix) {
			t.Errorf("%s: %+v with the fix %q, want %v, %q", name, found, found.Fix("my team"), test.kind, test.fix)
		}
		if got := cause.Plain(test.err); test.want != "" && got != test.want {
			t.Errorf("%s:\n got  %s\n want %s", name, got, test.want)
		}
	}
}

func TestDenials(t *testing.T) {
	for text, want := range map[string]string{
		"User: arn:aws:iam::1:user/me is not authorized to perform: sqs:SendMessage on resource: arn:q because no identity-based policy allows it": "arn:aws:iam::1:user/me is not authorized to perform sqs:SendMessage on arn:q; " +
			"allow sqs:SendMessage on arn:q in a policy of arn:aws:iam::1:user/me (redrive-policy.json in docs/deploy.md)",
		"User: me is not authorized to perform: s3:GetObject": "me is not authorized to perform s3:GetObject; allow s3:GetObject in a policy of me",
		"User: me is not authorized to perform: s3:GetObject with an explicit deny": "me is not authorized to perform s3:GetObject; " +
			"a policy explicitly denies s3:GetObject to me: find the statement, perhaps in a service control policy or a permissions boundary",
		"Access Denied": "Access Denied; allow it in IAM; docs/deploy.md has the policies",
		"":              "access denied; allow it in IAM; docs/deploy.md has the policies",
	} {
		if d := cause.ReadDenial(text); d.String()+"; "+d.Fix() != want {
			t.Errorf("%q:\n got  %s; %s\n want %s", text, d, d.Fix(), want)
		}
	}
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"shop": "shop", "https://abc.example.com/v1": "https://abc.example.com/v1", "": "''", "my team": "'my team'",
		"it's": `'it'\''s'`, "$HOME": "'$HOME'", "a;b": "'a;b'", "`x`": "'`x`'", "~": "'~'",
	} {
		if got := cause.Quote(text); got != want {
			t.Errorf("Quote(%q) = %s, want %s", text, got, want)
		}
	}
}
