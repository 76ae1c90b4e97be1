package installation

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/aws/smithy-go"
)

// Plain returns an error's text for people: it replaces the text of the AWS SDK, if there is any, by the service, the operation and the cause.
func Plain(err error) string {
	text := err.Error()
	op, ok := errors.AsType[*smithy.OperationError](err)
	if !ok {
		return text
	}
	return strings.Replace(text, op.Error(), plainOperation(op), 1)
}

func plainOperation(op *smithy.OperationError) string {
	call := op.Service() + " " + op.Operation()
	if refused, ok := errors.AsType[smithy.APIError](op); ok {
		switch code := refused.ErrorCode(); {
		case IsThrottling(code):
			return fmt.Sprintf("AWS throttled %s (%s)", call, code)
		case refused.ErrorMessage() == "":
			return fmt.Sprintf("%s failed: %s", call, code)
		default:
			return fmt.Sprintf("%s failed: %s (%s)", call, refused.ErrorMessage(), code)
		}
	}
	if foreign, ok := errors.AsType[*ForeignError](op); ok {
		return foreign.Error()
	}
	if unknown, ok := errors.AsType[*net.DNSError](op); ok {
		return fmt.Sprintf("cannot reach %s: host %s not found; check the network and the Region", op.Service(), unknown.Name)
	}
	if failed, ok := errors.AsType[*net.OpError](op); ok {
		return fmt.Sprintf("cannot reach %s: %v", op.Service(), failed)
	}
	if errors.Is(op, context.DeadlineExceeded) || errors.Is(op, context.Canceled) {
		return fmt.Sprintf("no response from %s in time", op.Service())
	}
	return fmt.Sprintf("%s failed: %v", call, innermost(op))
}

// IsThrottling reports whether an error code of the services called here means that AWS throttled the call.
func IsThrottling(code string) bool {
	return strings.HasPrefix(code, "Throttl") || code == "TooManyRequestsException" || code == "RequestThrottled" || code == "RequestLimitExceeded"
}

// innermost returns the error at the end of the chain, which has none of the SDK's text.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
