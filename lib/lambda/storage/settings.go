package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/logformat"
)

// Queues is the part of SQS that a Handler uses. A drain's settings are tags of its queue.
type Queues interface {
	QueueURL(queue arn.ARN) string
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
}

const (
	settingsAge  = time.Minute     // how long settings are used before they are read again, so a change takes this long to apply
	settingsWait = 3 * time.Second // limits the read: storing the lines is more urgent
)

// newFormat returns the format that the settings select, for one batch.
func newFormat(s drain.Settings) logformat.Format {
	if s.Format == drain.FormatJSON {
		return logformat.JSON()
	}
	return logformat.Text()
}

func ansi(s drain.Settings) logformat.ANSI {
	if s.ANSI == drain.ANSIStrip {
		return logformat.StripANSI
	}
	return logformat.KeepANSI
}

// settings returns the settings of a queue's drain. If they cannot be read, it returns the error and still the last known settings, or else
// the defaults, for another settingsAge: it is better to store lines in the wrong format than not at all.
func (h *Handler) settings(ctx context.Context, q *queue) (drain.Settings, error) {
	now := h.cfg.Now()
	if now.Sub(q.asked) < settingsAge {
		return q.settings, nil
	}
	q.asked = now
	tags, err := h.tags(ctx, q)
	if err != nil {
		return q.settings, err
	}
	q.settings = drain.DefaultSettings().With(drain.PatchFromTags(tags))
	return q.settings, nil
}

// deleted reports whether the drain of a queue was deleted, with its lines. If that is unknown, it was not: lines are not lost for a failed call.
func (h *Handler) deleted(ctx context.Context, q *queue) bool {
	tags, err := h.tags(ctx, q)
	if _, gone := errors.AsType[*types.QueueDoesNotExist](err); gone {
		return true
	}
	return err == nil && tags[drain.TagDeleted] == drain.Deleted
}

// tags reads the tags of a drain's queue.
func (h *Handler) tags(ctx context.Context, q *queue) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, settingsWait)
	defer cancel()
	out, err := h.cfg.Queues.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: aws.String(h.cfg.Queues.QueueURL(q.arn))})
	if err != nil {
		return nil, fmt.Errorf("read the drain's settings from the tags of queue %s: %w", q.arn.Resource, err)
	}
	return out.Tags, nil
}
