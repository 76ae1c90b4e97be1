package sqs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// redrivePolicy says where messages go that were received too often. The zero value means no policy.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
type redrivePolicy struct {
	Target          string `json:"deadLetterTargetArn"`
	MaxReceiveCount int    `json:"maxReceiveCount"`
}

// String returns the policy as GetQueueAttributes shows it: the count is a number, even if it was given as a string.
func (p redrivePolicy) String() string {
	if p.Target == "" {
		return ""
	}
	return marshal(p)
}

// parseRedrivePolicy parses the RedrivePolicy attribute. Empty text means no policy. The count may be a number or a string.
func parseRedrivePolicy(text string) (redrivePolicy, error) {
	if text == "" {
		return redrivePolicy{}, nil
	}
	invalid := func(reason string) error {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: %s", text, reason)
	}
	var given map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &given) != nil {
		return redrivePolicy{}, invalid("Redrive policy is not a valid JSON map.")
	}
	for name := range given {
		if name != "deadLetterTargetArn" && name != "maxReceiveCount" {
			return redrivePolicy{}, invalid("Only following attributes are expected: [deadLetterTargetArn, maxReceiveCount].")
		}
	}
	for _, name := range []string{"deadLetterTargetArn", "maxReceiveCount"} {
		if given[name] == nil {
			return redrivePolicy{}, invalid("Redrive policy does not contain mandatory attribute: " + name + ".")
		}
	}
	var p redrivePolicy
	if json.Unmarshal(given["deadLetterTargetArn"], &p.Target) != nil || !awsapi.HasService(p.Target, "sqs") {
		return redrivePolicy{}, invalid("Invalid value for deadLetterTargetArn.")
	}
	count := strings.Trim(string(given["maxReceiveCount"]), `"`)
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || n > 1000 {
		return redrivePolicy{}, invalid("Invalid value for maxReceiveCount: " + count + ", valid values are from 1 to 1000 both inclusive.")
	}
	p.MaxReceiveCount = n
	return p, nil
}

// redriveAllowPolicy says which queues may use this queue as their dead-letter queue. The zero value allows all queues.
type redriveAllowPolicy struct {
	Permission string   `json:"redrivePermission"` // allowAll, denyAll or byQueue
	Sources    []string `json:"sourceQueueArns,omitempty"`
}

func (p redriveAllowPolicy) String() string {
	if p.Permission == "" {
		return ""
	}
	return marshal(p)
}

func (p redriveAllowPolicy) allows(sourceARN string) bool {
	return p.Permission == "" || p.Permission == "allowAll" || slices.Contains(p.Sources, sourceARN)
}

// parseRedriveAllowPolicy parses the RedriveAllowPolicy attribute. Source queues, at most 10, are allowed only with byQueue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
func parseRedriveAllowPolicy(text string) (redriveAllowPolicy, error) {
	var p redriveAllowPolicy
	if text == "" {
		return p, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	known := d.Decode(&p) == nil && slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, p.Permission)
	if !known || (p.Permission == "byQueue") != (len(p.Sources) > 0) || len(p.Sources) > 10 {
		return redriveAllowPolicy{}, invalidParameter("Value %s for parameter RedriveAllowPolicy is invalid. Reason: redrivePermission is"+
			" allowAll, denyAll or byQueue, and only byQueue takes sourceQueueArns, 1 to 10 of them.", text)
	}
	return p, nil
}

// checkRedrive rejects a redrive policy of the queue named q if its dead-letter queue does not exist, is q itself or does not allow q.
func (s *Service) checkRedrive(q string, policy redrivePolicy) error {
	if policy.Target == "" {
		return nil
	}
	target := s.byARN(policy.Target)
	if target == nil {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.", policy)
	}
	if policy.Target == s.arn(q) { // its dead letters would become dead letters again, forever
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: A queue cannot be its own dead-letter queue.", policy)
	}
	if !target.allow.allows(s.arn(q)) {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: "+
			"The dead letter queue's RedriveAllowPolicy does not permit this source queue.", policy)
	}
	return nil
}

// marshal returns v as JSON. v must consist of strings and numbers, which cannot fail to marshal.
func marshal(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
