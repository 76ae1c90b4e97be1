package awslocal

import (
	"net/http"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Throttle says whether a Server enforces AWS's request rates.
type Throttle int

// The values of Throttle.
const (
	Unthrottled Throttle = iota
	ThrottleAsAWS
)

// Rates returns how many calls a second an account may make in a Region, by service and operation. "lambda" stands for the operations of Lambda's
// control plane, which share a rate.
//
//   - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
//   - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
//   - FilterLogEvents and GetLogEvents: the smallest rates that a Region has,
//     https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
//   - https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
//   - SNS: Publish has the smallest rate that a Region has, https://docs.aws.amazon.com/general/latest/gr/sns.html
//   - DynamoDB: the reads and writes of a partition, which may be all of a table,
//     https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
func Rates() map[string]int {
	return map[string]int{
		"logs DescribeLogStreams": 25,
		"logs CreateLogStream":    50,
		"logs FilterLogEvents":    5,
		"logs GetLogEvents":       10,
		"lambda":                  15,

		"sns Publish":                  300,
		"sns Subscribe":                100,
		"sns Unsubscribe":              100,
		"sns ListTopics":               30,
		"sns ListSubscriptionsByTopic": 30,

		"dynamodb PutItem":    1000,
		"dynamodb DeleteItem": 1000,
		"dynamodb GetItem":    3000,
	}
}

// rateOf returns the key in Rates of a call.
func rateOf(service, operation string) string {
	switch {
	case service != "lambda":
		return service + " " + operation
	case operation == "Invoke" || operation == "GetFunction":
		return "" // they have rates of their own, which nothing here comes near
	}
	return service
}

// throttle enforces Rates. The zero value throttles nothing.
type throttle struct {
	clock *clock.Clock
	rates map[string]int

	mu      sync.Mutex
	buckets map[string]*bucket
}

// bucket holds the calls that may be made at once: up to those of one second.
type bucket struct {
	tokens float64
	filled time.Time
}

// check returns the error of a call that exceeds its rate.
func (t *throttle) check(service, operation string) error {
	key := rateOf(service, operation)
	rate := float64(t.rates[key])
	if rate == 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	b := t.buckets[key]
	if b == nil {
		b = &bucket{tokens: rate, filled: now}
		t.buckets[key] = b
	}
	b.tokens = min(rate, b.tokens+rate*now.Sub(b.filled).Seconds())
	b.filled = now
	if b.tokens >= 1 {
		b.tokens--
		return nil
	}
	if service == "lambda" {
		e := restjson.Errorf(http.StatusTooManyRequests, "TooManyRequestsException", "Rate exceeded")
		e.Fields["Reason"] = "CallerRateLimitExceeded"
		return e
	}
	return awsapi.Errorf(http.StatusBadRequest, "ThrottlingException", "Rate exceeded")
}
