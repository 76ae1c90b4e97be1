package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// firstRetry and lastRetry are the times between two tries to reach CloudWatch Logs again. Each of them has the SDK's own retries, too.
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
	// answerTime limits a call. The connections of a computer that was asleep may be gone without notice, and then a request waits for many
	// minutes.
	answerTime = 30 * time.Second
)

// connection repeats searches that fail until they succeed.
type connection struct {
	wait    func(context.Context, time.Duration) error
	watcher Watcher

	made   bool  // a search has succeeded
	failed error // of the watcher
	lines  int   // that the watcher has got
}

// line hands an event to the watcher.
func (c *connection) line(e Event) error {
	c.lines++
	c.failed = c.watcher.Line(e)
	return c.failed
}

// try searches until it succeeds, or fails for good. What fails before the first success fails for good: it may be a mistake of the user's.
func (c *connection) try(ctx context.Context, search func(context.Context) error) error {
	lost, before := false, 0
	for pause := firstRetry; ; pause = min(2*pause, lastRetry) {
		err := search(ctx)
		switch {
		case err == nil:
			c.made = true
			if lost && c.watcher.Again != nil {
				c.watcher.Again(c.lines - before)
			}
			return nil
		case c.failed != nil:
			return c.failed
		case ctx.Err() != nil, !c.made, !isTemporary(err):
			return err
		}
		if !lost {
			lost, before = true, c.lines
			if c.watcher.Lost != nil {
				c.watcher.Lost(err)
			}
		}
		if err := c.wait(ctx, pause); err != nil {
			return err
		}
	}
}

// isTemporary reports whether a search may succeed later without anybody doing anything: CloudWatch Logs could not be reached, did not
// answer, throttles, or failed.
func isTemporary(err error) bool {
	if failedStatus(err) != 0 {
		return true
	}
	if refused, ok := errors.AsType[smithy.APIError](err); ok {
		_, throttled := retry.DefaultThrottleErrorCodes[refused.ErrorCode()]
		return throttled || refused.ErrorCode() == tooManyQueries || refused.ErrorFault() == smithy.FaultServer
	}
	if _, ok := errors.AsType[net.Error](err); ok { // a *url.Error, too
		return true
	}
	_, cut := errors.AsType[*smithy.DeserializationError](err) // such as by the sign-in page of a Wi-Fi
	return cut || errors.Is(err, errNoAnswer) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// failedStatus returns the HTTP status of an answer that says that the server failed, or has too much to do; 0 for others, and without an answer.
func failedStatus(err error) int {
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || response.HTTPStatusCode() < http.StatusInternalServerError && response.HTTPStatusCode() != http.StatusTooManyRequests {
		return 0
	}
	return response.HTTPStatusCode()
}

// tooManyQueries is the error code of StartQuery in an account that runs as many queries as it may.
const tooManyQueries = "LimitExceededException"

// WhyLost says in a clause why a search failed that may succeed later.
func WhyLost(err error) string {
	if refused, ok := errors.AsType[smithy.APIError](err); ok {
		_, throttled := retry.DefaultThrottleErrorCodes[refused.ErrorCode()]
		switch {
		case refused.ErrorCode() == tooManyQueries:
			return "The account runs as many queries of CloudWatch Logs Insights as it may"
		case throttled:
			return "CloudWatch Logs throttles this account's requests"
		}
	}
	if status := failedStatus(err); status != 0 {
		return fmt.Sprintf("CloudWatch Logs fails (HTTP %d)", status)
	}
	if errors.Is(err, errNoAnswer) {
		return fmt.Sprintf("CloudWatch Logs did not answer within %s", answerTime)
	}
	return "Connection to CloudWatch Logs lost"
}
