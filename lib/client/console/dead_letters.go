package console

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/client/deadletters"
)

// deadCount counts the dead letters of the apps.
type deadCount struct {
	total int
	byApp map[string]int
	more  bool // not all were opened: the apps may have more
}

// loadDeadLetters counts the dead letters. It opens them only if their number has changed: each that is opened is hidden from others for a
// moment, and SQS charges for it.
func (c *Console) loadDeadLetters(ctx context.Context) (deadCount, error) {
	outputs, err := c.opts.Installation.Outputs(ctx)
	if err != nil {
		return deadCount{}, err
	}
	if outputs.DeadLetterQueueURL == "" {
		return deadCount{}, errors.New("the stack's outputs, which name the dead-letter queue, were not read")
	}
	cfg, err := c.opts.Installation.AWS(ctx)
	if err != nil {
		return deadCount{}, err
	}
	queue := deadletters.Queue{Client: sqscall.New(sqs.NewFromConfig(cfg)), URL: outputs.DeadLetterQueueURL, Prefix: outputs.QueuePrefix}
	counted, err := queue.List(ctx, 0)
	if err != nil {
		return deadCount{}, err
	}
	if before := c.counted; before.byApp != nil && before.total == counted.Total {
		return before, nil
	}
	found, err := queue.List(ctx, deadletters.SampleLimit)
	if err != nil {
		return deadCount{}, err
	}
	c.counted = deadCount{total: found.Total, byApp: found.ByApp(), more: !found.Complete()}
	return c.counted, nil
}
