package installation_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/installation"
)

func TestPlain(t *testing.T) {
	operation := func(err error) error {
		return fmt.Errorf("read the logs: %w", &smithy.OperationError{
			ServiceID: "CloudWatch Logs", OperationName: "FilterLogEvents",
			Err: fmt.Errorf("https response error StatusCode: 0, RequestID: , %w", err),
		})
	}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"not AWS's": {errors.New("no drain"), "no drain"},
		"refused": {
			operation(&smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The log group does not exist."}),
			"read the logs: CloudWatch Logs FilterLogEvents failed: The log group does not exist. (ResourceNotFoundException)",
		},
		"refused without a reason": {
			operation(&smithy.GenericAPIError{Code: "InternalFailure"}), "read the logs: CloudWatch Logs FilterLogEvents failed: InternalFailure",
		},
		"throttled": {
			operation(&smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}),
			"read the logs: AWS throttled CloudWatch Logs FilterLogEvents (ThrottlingException)",
		},
		"no such Region, or no network": {
			operation(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: "logs.moon-1.amazonaws.com", Err: "no such host"}}),
			"read the logs: cannot reach CloudWatch Logs: host logs.moon-1.amazonaws.com not found; check the network and the Region",
		},
		"no connection": {
			operation(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}),
			"read the logs: cannot reach CloudWatch Logs: dial tcp: connection refused",
		},
		"no time left":    {operation(context.DeadlineExceeded), "read the logs: no response from CloudWatch Logs in time"},
		"another program": {operation(&installation.ForeignError{URL: "http://127.0.0.1:4566"}), "read the logs: a program other than heroku-drains answers at http://127.0.0.1:4566"},
		"anything else":   {operation(errors.New("malformed chunk")), "read the logs: CloudWatch Logs FilterLogEvents failed: malformed chunk"},
	} {
		if got := installation.Plain(test.err); got != test.want {
			t.Errorf("%s:\n got  %s\n want %s", name, got, test.want)
		}
	}
}
