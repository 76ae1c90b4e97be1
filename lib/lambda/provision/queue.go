package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
)

// queue is the part of a drain that keeps POSTs until they are stored.
type queue struct {
	url        string
	attributes map[string]string
	tags       map[string]string
	adopted    bool // this call added the stack's tag
}

// findQueue returns nil, nil if the app has no queue.
func (m *Manager) findQueue(ctx context.Context, app string) (*queue, error) {
	name := m.cfg.Names.Queue(app)
	out, err := m.sqs.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if is[*types.QueueDoesNotExist](err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the queue %s: %w", name, err)
	}
	q := &queue{url: aws.ToString(out.QueueUrl)}
	return m.readQueue(ctx, q, q.readAttributes, q.readTags)
}

// readQueue reads the queue with these methods, in parallel. It returns nil, nil if the queue is gone: SQS finds and lists a queue for a few
// seconds after it was deleted.
func (m *Manager) readQueue(ctx context.Context, q *queue, read ...func(context.Context, SQS) error) (*queue, error) {
	steps := make([]func() error, len(read))
	for i, one := range read {
		steps[i] = func() error { return one(ctx, m.sqs) }
	}
	err := inParallel(steps...)
	if is[*types.QueueDoesNotExist](err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the queue %s: %w", q.url, err)
	}
	return q, nil
}

func (q *queue) readAttributes(ctx context.Context, client SQS) error {
	all := []types.QueueAttributeName{types.QueueAttributeNameAll}
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.url, AttributeNames: all})
	if err == nil {
		q.attributes = out.Attributes
	}
	return err
}

func (q *queue) readTags(ctx context.Context, client SQS) error {
	out, err := client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &q.url})
	if err == nil {
		q.tags = out.Tags
	}
	return err
}

// eachQueue calls use with the URL of each queue whose name starts with the stack's prefix.
func (m *Manager) eachQueue(ctx context.Context, use func(url string)) error {
	pages := sqs.NewListQueuesPaginator(m.sqs, &sqs.ListQueuesInput{
		QueueNamePrefix: &m.cfg.Names.QueuePrefix,
		MaxResults:      aws.Int32(1000), // without it SQS returns one page and no token
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the queues %s*: %w", m.cfg.Names.QueuePrefix, err)
		}
		for _, url := range page.QueueUrls {
			use(url)
		}
	}
	return nil
}

func (m *Manager) createQueue(ctx context.Context, app string, s drain.Settings) (*queue, error) {
	name, attributes, tags := m.cfg.Names.Queue(app), m.queueAttributes(s), m.queueTags(app, s)
	out, err := m.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes, Tags: tags})
	switch {
	case err == nil:
		return &queue{url: aws.ToString(out.QueueUrl), attributes: attributes, tags: tags}, nil
	case is[*types.QueueDeletedRecently](err):
		return nil, errDeletedRecently(name)
	case is[*types.QueueNameExists](err):
		return nil, stale(err)
	}
	return nil, fmt.Errorf("create the queue %s: %w", name, err)
}

// confirmQueue returns an error if the queue was deleted: SQS takes up to 60 seconds for that, and continues to accept requests in the
// meantime. Only CreateQueue reveals it: SQS refuses it for a queue that is being deleted, and does nothing if a queue with these attributes
// and tags exists.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
func (m *Manager) confirmQueue(ctx context.Context, app string, q *queue) error {
	if err := m.adoptQueue(ctx, app, q); err != nil {
		return err
	}
	name, attributes, tags := m.cfg.Names.Queue(app), m.queueAttributes(m.cfg.Defaults), maps.Clone(q.tags)
	for attribute := range attributes {
		attributes[attribute] = q.attributes[attribute]
	}
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	maps.DeleteFunc(tags, func(key, _ string) bool { return strings.HasPrefix(key, "aws:") }) // AWS's own
	_, err := m.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes, Tags: tags})
	switch {
	case err == nil, is[*types.QueueNameExists](err): // someone has changed it, so it exists
		return nil
	case is[*types.QueueDeletedRecently](err):
		return errDeletedRecently(name)
	}
	return fmt.Errorf("find out whether the queue %s is being deleted: %w", name, err)
}

// adoptQueue tags a queue that an older version created without drain.TagStack: the function's role may change and delete only queues with
// that tag.
func (m *Manager) adoptQueue(ctx context.Context, app string, q *queue) error {
	if q.tags[drain.TagStack] != "" {
		return nil
	}
	return m.tagQueue(ctx, q, m.tags(app))
}

// tagQueue adds tags to the queue, unless it has them.
func (m *Manager) tagQueue(ctx context.Context, q *queue, tags map[string]string) error {
	if contains(q.tags, tags) {
		return nil
	}
	_, err := m.sqs.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &q.url, Tags: tags})
	if err := q.failed("tag", err); err != nil {
		return err
	}
	q.adopted = q.adopted || q.tags[drain.TagStack] == ""
	all := map[string]string{}
	maps.Copy(all, q.tags)
	maps.Copy(all, tags)
	q.tags = all
	return nil
}

// updateQueue gives the queue the tags of the settings and the attributes of the stack. If nothing changes, it makes no calls. The tags come
// first, because only a queue with the stack's tag may be changed.
func (m *Manager) updateQueue(ctx context.Context, app string, q *queue, s drain.Settings) error {
	tags := m.queueTags(app, s)
	if q.tags[drain.TagDeleted] == drain.Deleted {
		tags[drain.TagDeleted] = drain.NotDeleted
	}
	if err := m.tagQueue(ctx, q, tags); err != nil {
		return err
	}
	changed := m.changedAttributes(q.attributes, s)
	if len(changed) == 0 {
		return nil
	}
	return q.failed("update", m.onceTagsAreKnown(ctx, app, q, func() error {
		_, err := m.sqs.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &q.url, Attributes: changed})
		return err
	}))
}

// markDeleted tags a queue that is to be deleted. See drain.TagDeleted.
func (m *Manager) markDeleted(ctx context.Context, app string, q *queue) error {
	tags := m.tags(app) // with the stack's, because the function's role may change only queues that have it
	tags[drain.TagDeleted] = drain.Deleted
	if err := m.tagQueue(ctx, q, tags); err != nil && !errors.Is(err, errStale) {
		return err
	}
	return nil
}

func (m *Manager) removeQueue(ctx context.Context, app string, q *queue) error {
	err := m.adoptQueue(ctx, app, q)
	if errors.Is(err, errStale) {
		return nil // it is gone
	}
	if err != nil {
		return err
	}
	err = m.onceTagsAreKnown(ctx, app, q, func() error {
		_, err := m.sqs.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &q.url})
		return err
	})
	if err != nil && !is[*types.QueueDoesNotExist](err) {
		return fmt.Errorf("delete the queue %s: %w", q.url, err)
	}
	return nil
}

func (q *queue) failed(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case is[*types.QueueDoesNotExist](err):
		return stale(err)
	}
	return fmt.Errorf("%s the queue %s: %w", what, q.url, err)
}

// count returns one of SQS's approximate counts, or 0 for a queue that was just created and has none yet.
func (q *queue) count(name types.QueueAttributeName) int {
	n, _ := strconv.Atoi(q.attributes[string(name)])
	return n
}

// contains reports whether have contains all pairs of want.
func contains(have, want map[string]string) bool {
	for key, value := range want {
		if have[key] != value {
			return false
		}
	}
	return true
}
