package cause

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/reach"
)

// Plain returns an error's text for people: it replaces the text of the AWS SDK, if there is any, by the service and the cause.
func Plain(err error) string {
	text := err.Error()
	for _, op := range operations(err) {
		text = strings.Replace(text, op.Error(), plainOperation(op), 1)
	}
	return text
}

// operations returns the SDK's errors in err, but not those inside others.
func operations(err error) []*smithy.OperationError {
	switch e := err.(type) {
	case nil:
		return nil
	case *smithy.OperationError:
		return []*smithy.OperationError{e}
	case interface{ Unwrap() []error }:
		var all []*smithy.OperationError
		for _, part := range e.Unwrap() {
			all = append(all, operations(part)...)
		}
		return all
	}
	return operations(errors.Unwrap(err))
}

func plainOperation(op *smithy.OperationError) string {
	call := op.Service() + " " + op.Operation()
	switch found := Of(op); found.Kind {
	case Unreachable:
		if unreachable, _ := reach.Find(op); !unreachable.Proxy {
			return fmt.Sprintf("cannot reach %s at %s: %s", op.Service(), unreachable.Host, unreachable.Reason())
		}
		return found.Text
	case Throttled:
		return "AWS throttled " + call
	case Denied:
		if denial, _ := FindDenial(op); denial.Action == "" { // only the call says what was denied
			return otherOperation(op, call)
		}
		return found.Text
	case Other:
		return otherOperation(op, call)
	default:
		return found.Text
	}
}

// otherOperation returns the text for an error without a fix.
func otherOperation(op *smithy.OperationError, call string) string {
	if refused, ok := errors.AsType[smithy.APIError](op); ok {
		if refused.ErrorMessage() == "" {
			return fmt.Sprintf("%s failed: %s", call, refused.ErrorCode())
		}
		return fmt.Sprintf("%s failed: %s (%s)", call, refused.ErrorMessage(), refused.ErrorCode())
	}
	if errors.Is(op, context.DeadlineExceeded) || errors.Is(op, context.Canceled) {
		return fmt.Sprintf("no response from %s in time", op.Service())
	}
	return fmt.Sprintf("%s failed: %v", call, Innermost(op))
}

// Innermost returns the error at the end of the chain, which has none of the SDK's text.
func Innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if several, ok := err.(interface{ Unwrap() []error }); ok && len(several.Unwrap()) > 0 {
			next = several.Unwrap()[0]
		}
		if next == nil {
			return err
		}
		err = next
	}
}
