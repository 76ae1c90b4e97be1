package awslocal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// limit is a call at a limit, which must succeed, or beyond it, which must be rejected with AWS's error code.
type limit struct {
	name    string
	code    string // empty: the call must succeed
	notMoto string
	try     queueCall
}

// queueCall makes one call for a new queue.
type queueCall func(t *testing.T, b backend, q testQueue) error

func tryLimits(t *testing.T, limits []limit) {
	t.Helper()
	var checks []check
	for _, l := range limits {
		checks = append(checks, check{name: l.name, notMoto: l.notMoto, run: func(t *testing.T, b backend) {
			err := l.try(t, b, newQueue(t, b, "q"))
			if l.code != "" {
				wantCode(t, err, l.code)
			} else if err != nil {
				t.Errorf("rejected: %v", err)
			}
		}})
	}
	conform(t, checks)
}

func create(name string, attributes ...string) queueCall {
	return func(t *testing.T, _ backend, q testQueue) error {
		_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: pairs(attributes...)})
		return err
	}
}

func set(attributes ...string) queueCall {
	return func(t *testing.T, _ backend, q testQueue) error { return q.set(t, attributes...) }
}

func TestSQSQueueLimits(t *testing.T) {
	limits := []limit{
		{"a name of 80 characters", "", "", create(strings.Repeat("n", 80))},
		{"a name of 81 characters", "InvalidParameterValue", "", create(strings.Repeat("n", 81))},
		{"a name with a dot", "InvalidParameterValue", "", create("a.b")},
		{"a FIFO queue", "AWS.SimpleQueueService.UnsupportedOperation", "it has them", create("a.fifo", "FifoQueue", "true")},
		{"a queue with a KMS key", "AWS.SimpleQueueService.UnsupportedOperation", "it accepts any key", create("a", "KmsMasterKeyId", "k")},
		{"a queue with an unknown attribute", "InvalidAttributeName", "it ignores them", create("a", "Nonsense", "1")},
		{"an attribute that is not a number", "InvalidAttributeValue", "it answers 500", set("VisibilityTimeout", "soon")},
		{"SqsManagedSseEnabled that is not a boolean", "InvalidAttributeValue", "it accepts any text", set("SqsManagedSseEnabled", "yes")},
		{"setting a read-only attribute", "InvalidAttributeName", "it accepts them", set("QueueArn", "arn:aws:sqs:us-east-1:000000000000:x")},
		{"reading an unknown attribute", "InvalidAttributeName", "", func(t *testing.T, _ backend, q testQueue) error {
			_, err := q.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: q.url, AttributeNames: []types.QueueAttributeName{"Nonsense"},
			})
			return err
		}},
		{"listing 1,000 queues", "", "", listQueues(1000)},
		{"listing 1,001 queues", "InvalidParameterValue", "it ignores MaxResults", listQueues(1001)},
		{"a queue's name as its URL", "InvalidAddress", "it accepts the last part of anything", func(t *testing.T, _ backend, q testQueue) error {
			return testQueue{q.Client, aws.String("q")}.set(t, "DelaySeconds", "1")
		}},
		{"a queue URL without a host", "InvalidAddress", "it accepts the last part of anything", func(t *testing.T, b backend, q testQueue) error {
			return testQueue{q.Client, aws.String("/" + b.account + "/q")}.set(t, "DelaySeconds", "1")
		}},
	}
	for _, a := range []struct {
		name      string
		low, high int
	}{
		{"VisibilityTimeout", 0, 43_200},
		{"MessageRetentionPeriod", 60, 1_209_600},
		{"MaximumMessageSize", 1_024, 1_048_576},
		{"DelaySeconds", 0, 900},
		{"ReceiveMessageWaitTimeSeconds", 0, 20},
	} {
		for _, value := range []int{a.low, a.high} {
			limits = append(limits, limit{fmt.Sprint(a.name, " ", value), "", "", set(a.name, fmt.Sprint(value))})
		}
		for _, value := range []int{a.low - 1, a.high + 1} {
			limits = append(limits, limit{
				fmt.Sprint(a.name, " ", value), "InvalidAttributeValue", "it accepts any number", set(a.name, fmt.Sprint(value)),
			})
		}
	}
	tryLimits(t, limits)
}

func listQueues(size int32) queueCall {
	return func(t *testing.T, _ backend, q testQueue) error {
		_, err := q.ListQueues(t.Context(), &sqs.ListQueuesInput{MaxResults: aws.Int32(size)})
		return err
	}
}

func TestSQSTagLimits(t *testing.T) {
	tag := func(tags map[string]string) queueCall {
		return func(t *testing.T, _ backend, q testQueue) error { return q.tag(t, tags) }
	}
	many := func(n int) map[string]string {
		tags := make(map[string]string)
		for i := range n {
			tags[fmt.Sprint("t", i)] = ""
		}
		return tags
	}
	tryLimits(t, []limit{
		{"50 tags", "", "", tag(many(50))},
		{"51 tags", "InvalidParameterValue", "", tag(many(51))},
		{"one tag to 50 others", "InvalidParameterValue", "it counts only the tags of the call", func(t *testing.T, _ backend, q testQueue) error {
			if err := q.tag(t, many(50)); err != nil {
				t.Fatal(err)
			}
			return q.tag(t, pairs("another", ""))
		}},
		{"no tags", "MissingParameter", "", tag(map[string]string{})},
		{"a tag key of 128 characters", "", "", tag(pairs(strings.Repeat("k", 128), ""))},
		{"a tag key of 129 characters", "InvalidParameterValue", "it accepts any length", tag(pairs(strings.Repeat("k", 129), ""))},
		{"a tag value of 256 characters", "", "", tag(pairs("k", strings.Repeat("é", 256)))},
		{"a tag value of 257 characters", "InvalidParameterValue", "it accepts any length", tag(pairs("k", strings.Repeat("é", 257)))},
		{"a tag key reserved for AWS", "InvalidParameterValue", "it accepts them", tag(pairs("aws:x", ""))},
		{"a tag value with a star", "InvalidParameterValue", "it accepts any character", tag(pairs("k", "*"))},
	})
}
