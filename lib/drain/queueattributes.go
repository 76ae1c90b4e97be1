package drain

import (
	"encoding/json"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// SQS's largest values. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const (
	messageRetention = 14 * 24 * 60 * 60 // seconds: the longest outage of the storage side that loses nothing
	maxMessageSize   = 1 << 20           // bytes
)

// The tags of a drain's queue, beside the stack's; its mapping has TagApp. The storage function reads TagFormat and TagANSI.
const (
	TagApp    = "heroku-drains:app"
	TagFormat = "heroku-drains:format"
	TagANSI   = "heroku-drains:ansi"
)

// tags are those of all that is made for an app.
func (m *Manager) tags(app string) map[string]string {
	tags := map[string]string{}
	maps.Copy(tags, m.cfg.Tags)
	tags[TagApp] = app
	return tags
}

func (m *Manager) queueTags(app string, s Settings) map[string]string {
	tags := m.tags(app)
	tags[TagFormat], tags[TagANSI] = *s.Format, *s.ANSI
	return tags
}

// tagSettings reads back what queueTags wrote. A value that somebody put there by hand and that means nothing counts as not given.
func tagSettings(tags map[string]string) Settings {
	var s Settings
	if format, ok := tags[TagFormat]; ok && (Settings{Format: &format}).Validate() == nil {
		s.Format = &format
	}
	if ansi, ok := tags[TagANSI]; ok && (Settings{ANSI: &ansi}).Validate() == nil {
		s.ANSI = &ansi
	}
	return s
}

// redrivePolicy is the value of a queue's RedrivePolicy. SQS takes the count as a number and as a string.
type redrivePolicy struct {
	DeadLetterTargetARN string      `json:"deadLetterTargetArn"`
	MaxReceiveCount     json.Number `json:"maxReceiveCount"`
}

func (m *Manager) redrivePolicy() redrivePolicy {
	return redrivePolicy{m.cfg.DeadLetterQueue.String(), json.Number(strconv.Itoa(m.cfg.MaxReceiveCount))}
}

func (m *Manager) queueAttributes() map[string]string {
	policy, err := json.Marshal(m.redrivePolicy())
	if err != nil {
		panic(err) // a struct of two strings always has JSON
	}
	return map[string]string{
		string(types.QueueAttributeNameVisibilityTimeout):      strconv.Itoa(int(m.cfg.VisibilityTimeout.Seconds())),
		string(types.QueueAttributeNameMessageRetentionPeriod): strconv.Itoa(messageRetention),
		string(types.QueueAttributeNameMaximumMessageSize):     strconv.Itoa(maxMessageSize),
		string(types.QueueAttributeNameSqsManagedSseEnabled):   "true",
		string(types.QueueAttributeNameRedrivePolicy):          string(policy),
	}
}

// changedAttributes are those that the stack wants otherwise than the queue has them.
func (m *Manager) changedAttributes(have map[string]string) map[string]string {
	changed := m.queueAttributes()
	maps.DeleteFunc(changed, func(name, value string) bool { return have[name] == value })
	var policy redrivePolicy
	if json.Unmarshal([]byte(have[string(types.QueueAttributeNameRedrivePolicy)]), &policy) == nil && policy == m.redrivePolicy() {
		delete(changed, string(types.QueueAttributeNameRedrivePolicy))
	}
	if have[string(types.QueueAttributeNameKmsMasterKeyId)] != "" { // an owner's own key is at least as good, and excludes SQS's
		delete(changed, string(types.QueueAttributeNameSqsManagedSseEnabled))
	}
	return changed
}
