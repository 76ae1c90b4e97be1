package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
)

// Queues reads queues' attributes: an sqs.Client.
type Queues interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Queue looks whether what cannot be stored goes from a drain's queue to the stack's dead-letter queue, where it is kept and seen.
func (d Doctor) Queue(ctx context.Context, client Queues, dr drain.Drain, deadLetterURL string) []Finding {
	if dr.Queue == nil || deadLetterURL == "" {
		return nil
	}
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &dr.Queue.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameRedrivePolicy},
	})
	if err != nil {
		f := failed("queue", "look at the queue "+dr.Queue.Name, err, d.command("put -a "+dr.App)+" mends the drain")
		return forApp(dr.App, []Finding{f})
	}
	var policy struct {
		Target string `json:"deadLetterTargetArn"`
	}
	_ = json.Unmarshal([]byte(out.Attributes[string(types.QueueAttributeNameRedrivePolicy)]), &policy) // none is as good as a bad one
	wanted := deadLetterURL[strings.LastIndexByte(deadLetterURL, '/')+1:]
	if policy.Target != "" && policy.Target[strings.LastIndexByte(policy.Target, ':')+1:] == wanted {
		return nil
	}
	what := fmt.Sprintf("the queue %s has no dead-letter queue: what cannot be stored is tried for 14 days, and then lost", dr.Queue.Name)
	if policy.Target != "" {
		what = fmt.Sprintf("the queue %s has another dead-letter queue than the stack's: %s", dr.Queue.Name, policy.Target)
	}
	return []Finding{{Warning, "queue", dr.App, what, d.command("put -a "+dr.App) + " sets the stack's"}}
}
