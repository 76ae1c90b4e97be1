// Package watch detects losses that would otherwise be silent: lines in queues that nothing empties, and POSTs that the drains function
// refuses although the app has a drain. It counts both in metrics that do not depend on the number of apps.
package watch

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
)

// SQS is the part of the SDK's client that a Watcher needs.
type SQS interface {
	sqs.ListDeadLetterSourceQueuesAPIClient
	GetQueueUrl(context.Context, *sqs.GetQueueUrlInput, ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error)
}

// Config is what a Watcher needs. Every field is required.
type Config struct {
	SQS             SQS
	CloudWatch      cloudwatch.GetMetricDataAPIClient
	Names           drain.Names
	DeadLetterQueue string // the name of the stack's dead-letter queue
	Metrics         *metrics.Writer
	Log             *slog.Logger
	Now             func() time.Time
}

// Watcher watches the drains of a stack. It is safe for concurrent use.
type Watcher struct {
	Config

	mu     sync.Mutex
	drains map[string]bool // the apps that had a queue when they were last listed
	listed time.Time       // when that was last done or tried
}

// New returns a Watcher.
func New(c Config) *Watcher { return &Watcher{Config: c} }

// queues returns the names of the stack's queues: those that send their dead letters to the stack's queue. The prefix is not enough: other
// queues may have it, and queues from before a change of the prefix do not.
func (w *Watcher) queues(ctx context.Context) ([]string, error) {
	found, err := w.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &w.DeadLetterQueue})
	if err != nil {
		return nil, fmt.Errorf("find the dead-letter queue %s: %w", w.DeadLetterQueue, err)
	}
	pages := sqs.NewListDeadLetterSourceQueuesPaginator(w.SQS, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: found.QueueUrl, MaxResults: aws.Int32(1000), // without it SQS returns one page and no token
	})
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the queues of this stack: %w", err)
		}
		for _, url := range page.QueueUrls {
			names = append(names, path.Base(url))
		}
	}
	return names, nil
}
