package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"path"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
)

// queueAPI is the part of Amazon SQS that is used here: *sqs.Client implements it.
type queueAPI interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// queue checks that messages which cannot be stored go from a drain's queue to the stack's dead-letter queue. If the URL of the dead-letter
// queue is unknown, it finds nothing. For a queue that is among the known sources of the dead-letter queue, it makes no call.
func (e examiner) queue(ctx context.Context, client queueAPI, d drain.Drain, deadLetterURL string, known sources) []Finding {
	if d.Queue == nil || deadLetterURL == "" || known.has(d.Queue.Name) {
		return nil
	}
	put := e.Command("put -a %s", d.App)
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &d.Queue.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameRedrivePolicy},
	})
	if err != nil {
		return []Finding{e.failed(Finding{Check: CheckQueue, App: d.App, Fix: put + " repairs the drain"},
			"get the attributes of the queue "+d.Queue.Name, err)}
	}
	var policy struct {
		Target string `json:"deadLetterTargetArn"`
	}
	_ = json.Unmarshal([]byte(out.Attributes[string(types.QueueAttributeNameRedrivePolicy)]), &policy) // an invalid policy counts as none
	f := Finding{Severity: Warning, Check: CheckQueue, App: d.App, Fix: put + " sets the stack's dead-letter queue"}
	switch {
	case policy.Target == "":
		f.What = fmt.Sprintf("the queue %s has no dead-letter queue: messages that cannot be stored are retried for 14 days, then lost", d.Queue.Name)
	case drain.QueueName(policy.Target) != path.Base(deadLetterURL):
		f.What = fmt.Sprintf("the dead-letter queue of the queue %s is not the stack's: %s", d.Queue.Name, policy.Target)
	default:
		return nil
	}
	return []Finding{f}
}
