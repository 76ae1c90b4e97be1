package sqs

import (
	"slices"
	"strconv"
)

// limits are the attributes that are numbers: default, lowest and highest value.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
var limits = map[string]struct{ preset, low, high int }{
	"DelaySeconds":                  {0, 0, 900},
	"MaximumMessageSize":            {maxRequestBytes, 1024, maxRequestBytes},
	"MessageRetentionPeriod":        {345_600, 60, 1_209_600},
	"ReceiveMessageWaitTimeSeconds": {0, 0, maxWaitSeconds},
	"VisibilityTimeout":             {30, 0, maxVisibilitySeconds},
}

const (
	maxVisibilitySeconds = 43_200 // 12 hours, for one message in all
	maxWaitSeconds       = 20
)

// readOnly are the attributes that a queue has by itself.
var readOnly = []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
	"CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"}

// absent are attributes that SQS has for other kinds of queue, or for features this one lacks.
var absent = map[string]string{
	"ContentBasedDeduplication":    "FIFO queues",
	"DeduplicationScope":           "FIFO queues",
	"FifoQueue":                    "FIFO queues",
	"FifoThroughputLimit":          "FIFO queues",
	"KmsDataKeyReusePeriodSeconds": "KMS keys",
	"KmsMasterKeyId":               "KMS keys",
	"Policy":                       "queue policies",
}

// attributes are a queue's settings in the form GetQueueAttributes returns them. An empty policy is none.
type attributes map[string]string

func defaultAttributes() attributes {
	a := attributes{"SqsManagedSseEnabled": "true", "RedrivePolicy": "", "RedriveAllowPolicy": ""}
	for name, limit := range limits {
		a[name] = strconv.Itoa(limit.preset)
	}
	return a
}

func (a attributes) number(name string) int {
	n, _ := strconv.Atoi(a[name]) // was checked when it was set
	return n
}

// parseAttributes checks values that a caller sets and brings them into the form they are kept in.
func parseAttributes(given map[string]string) (attributes, error) {
	parsed := make(attributes, len(given))
	for _, name := range sortedKeys(given) {
		value, err := parseAttribute(name, given[name])
		if err != nil {
			return nil, err
		}
		parsed[name] = value
	}
	return parsed, nil
}

func parseAttribute(name, value string) (string, error) {
	if limit, ok := limits[name]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < limit.low || n > limit.high {
			return "", refusal("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
		return strconv.Itoa(n), nil
	}
	switch name {
	case "SqsManagedSseEnabled":
		if value != "true" && value != "false" {
			return "", refusal("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
		return value, nil
	case "RedrivePolicy":
		policy, err := parseRedrivePolicy(value)
		return policy.String(), err
	case "RedriveAllowPolicy":
		policy, err := parseRedriveAllowPolicy(value)
		return policy.String(), err
	}
	if feature, ok := absent[name]; ok {
		return "", unsupported(feature)
	}
	return "", refusal("InvalidAttributeName", "Unknown Attribute %s.", name)
}

// checkAttributeNames turns down names to read that no queue has.
func checkAttributeNames(names []string) error {
	for _, name := range names {
		_, isNumber := limits[name]
		_, isAbsent := absent[name]
		isOther := name == "All" || name == "SqsManagedSseEnabled" || name == "RedrivePolicy" || name == "RedriveAllowPolicy"
		if !isNumber && !isAbsent && !isOther && !slices.Contains(readOnly, name) {
			return refusal("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	return nil
}
