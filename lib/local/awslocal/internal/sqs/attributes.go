package sqs

import (
	"slices"
	"strconv"
)

// numericAttributes holds the default, the lowest and the highest value of every attribute that is a number.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
var numericAttributes = map[string]struct{ preset, low, high int }{
	"DelaySeconds":                  {0, 0, 900},
	"MaximumMessageSize":            {maxRequestBytes, 1024, maxRequestBytes},
	"MessageRetentionPeriod":        {345_600, 60, 1_209_600},
	"ReceiveMessageWaitTimeSeconds": {0, 0, maxWaitSeconds},
	"VisibilityTimeout":             {30, 0, maxVisibilitySeconds},
}

const (
	maxVisibilitySeconds = 43_200 // 12 hours, in total for one receive of a message
	maxWaitSeconds       = 20
)

// readOnly lists the attributes that SQS sets.
var readOnly = []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
	"CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"}

// unsupportedAttributes maps the attributes that SQS has for features missing here to those features.
var unsupportedAttributes = map[string]string{
	"ContentBasedDeduplication":    "FIFO queues",
	"DeduplicationScope":           "FIFO queues",
	"FifoQueue":                    "FIFO queues",
	"FifoThroughputLimit":          "FIFO queues",
	"KmsDataKeyReusePeriodSeconds": "KMS keys",
	"KmsMasterKeyId":               "KMS keys",
}

// attributes holds a queue's settings in the form that GetQueueAttributes returns. An empty policy means no policy.
type attributes map[string]string

func defaultAttributes() attributes {
	a := attributes{"SqsManagedSseEnabled": "true", "RedrivePolicy": "", "RedriveAllowPolicy": "", "Policy": ""}
	for name, limit := range numericAttributes {
		a[name] = strconv.Itoa(limit.preset)
	}
	return a
}

func (a attributes) number(name string) int {
	n, _ := strconv.Atoi(a[name]) // parseAttribute has checked it
	return n
}

// parseAttributes validates the attributes that a caller sets and returns them in the form they are stored in.
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
	if limit, ok := numericAttributes[name]; ok {
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
	case "Policy":
		_, err := parsePolicy(value)
		return value, err
	case "RedriveAllowPolicy":
		policy, err := parseRedriveAllowPolicy(value)
		return policy.String(), err
	}
	if feature, ok := unsupportedAttributes[name]; ok {
		return "", unsupported(feature)
	}
	return "", refusal("InvalidAttributeName", "Unknown Attribute %s.", name)
}

// checkAttributeNames rejects requests to read attributes that SQS does not know.
func checkAttributeNames(names []string) error {
	for _, name := range names {
		_, isNumber := numericAttributes[name]
		_, isUnsupported := unsupportedAttributes[name]
		isOther := name == "All" || name == "SqsManagedSseEnabled" || name == "RedrivePolicy" || name == "RedriveAllowPolicy" ||
			name == "Policy"
		if !isNumber && !isUnsupported && !isOther && !slices.Contains(readOnly, name) {
			return refusal("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	return nil
}
