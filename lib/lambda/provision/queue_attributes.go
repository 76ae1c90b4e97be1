package provision

import (
	"encoding/json"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
)

// SQS's largest values. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const (
	messageRetention     = 14 * 24 * 60 * 60 // seconds: the longest outage of the storage side that loses nothing
	maxMessageSize       = 1 << 20           // bytes
	maxVisibilityTimeout = 12 * 60 * 60      // seconds
)

// tags returns the tags of all resources of an app that can have tags.
func (m *Manager) tags(app string) map[string]string {
	tags := map[string]string{}
	maps.Copy(tags, m.cfg.Tags)
	tags[drain.TagApp], tags[drain.TagStack] = app, m.cfg.Stack
	return tags
}

func (m *Manager) queueTags(app string, s drain.Settings) map[string]string {
	tags := m.tags(app)
	maps.Copy(tags, s.Tags())
	return tags
}

// redrivePolicy is the value of a queue's RedrivePolicy. SQS accepts the count as a number and as a string.
type redrivePolicy struct {
	DeadLetterTargetARN string      `json:"deadLetterTargetArn"`
	MaxReceiveCount     json.Number `json:"maxReceiveCount"`
}

func (m *Manager) redrivePolicy() redrivePolicy {
	return redrivePolicy{
		DeadLetterTargetARN: m.cfg.DeadLetterQueue.String(),
		MaxReceiveCount:     json.Number(strconv.Itoa(m.cfg.MaxReceiveCount)),
	}
}

// visibilityTimeout returns how long messages stay invisible after a receive, in seconds: the stack's time and the drain's batch window, which
// begins when Lambda receives the first message of a batch.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
func (m *Manager) visibilityTimeout(s drain.Settings) int {
	return min(int(m.cfg.VisibilityTimeout.Seconds())+s.BatchWindowSeconds, maxVisibilityTimeout)
}

func (m *Manager) queueAttributes(s drain.Settings) map[string]string {
	policy, err := json.Marshal(m.redrivePolicy())
	if err != nil {
		panic(err) // a struct of two strings always marshals
	}
	return map[string]string{
		string(types.QueueAttributeNameVisibilityTimeout):      strconv.Itoa(m.visibilityTimeout(s)),
		string(types.QueueAttributeNameMessageRetentionPeriod): strconv.Itoa(messageRetention),
		string(types.QueueAttributeNameMaximumMessageSize):     strconv.Itoa(maxMessageSize),
		string(types.QueueAttributeNameSqsManagedSseEnabled):   "true",
		string(types.QueueAttributeNameRedrivePolicy):          string(policy),
	}
}

// changedAttributes returns the attributes that differ between the queue and what the stack and the drain's settings want, with the wanted values.
func (m *Manager) changedAttributes(have map[string]string, s drain.Settings) map[string]string {
	changed := m.queueAttributes(s)
	maps.DeleteFunc(changed, func(name, value string) bool { return have[name] == value })
	var policy redrivePolicy
	if json.Unmarshal([]byte(have[string(types.QueueAttributeNameRedrivePolicy)]), &policy) == nil && policy == m.redrivePolicy() {
		delete(changed, string(types.QueueAttributeNameRedrivePolicy))
	}
	if have[string(types.QueueAttributeNameKmsMasterKeyId)] != "" { // a KMS key that the owner has set is at least as good, and excludes SQS's own
		delete(changed, string(types.QueueAttributeNameSqsManagedSseEnabled))
	}
	return changed
}
