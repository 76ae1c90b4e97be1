package awslocal

import (
	"context"
	"time"

	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// deleteTries is how often a mapping tries to delete its messages: as often as AWS's SDKs do.
const deleteTries = 3

// mappedQueues are the queues as event source mappings see them: their calls do not go over HTTP, but faults apply to them, too.
type mappedQueues struct {
	*sqs.Service
	server *Server
}

// Receive implements esm.Queues. It returns early, without messages, when a fault begins.
func (q mappedQueues) Receive(ctx context.Context, arn string, most int, wait time.Duration) (messages []sqs.Message, err error) {
	s := q.server
	polling, stop, next := s.faults.stopAtNext(ctx)
	defer stop()
	if now := s.clock.Now(); !next.IsZero() {
		wait = min(wait, next.Sub(now))
	}
	err = q.call(ctx, "ReceiveMessage", arn, func() (err error) {
		messages, err = q.Service.Receive(polling, arn, most, wait)
		return err
	})
	if err == nil {
		return messages, nil
	}
	q.Release(arn, len(messages)) // their answer is lost
	if ctx.Err() == nil && polling.Err() != nil {
		return nil, nil
	}
	return nil, err
}

// Delete implements esm.Queues. What it fails to delete becomes visible again after the visibility timeout.
func (q mappedQueues) Delete(arn string, receiptHandles ...string) {
	s := q.server
	for range deleteTries {
		err := q.call(s.lifetime, "DeleteMessage", arn, func() error {
			q.Service.Delete(arn, receiptHandles...)
			return nil
		})
		if err == nil || s.lifetime.Err() != nil {
			return
		}
	}
}

// call makes a call of a queue, subject to the injected faults.
func (q mappedQueues) call(ctx context.Context, operation, arn string, do func() error) error {
	name := lastOf(arn)
	t := target{service: "sqs", operation: operation, caller: ByMapping, resources: named(name)}
	return q.server.apply(ctx, q.server.faults.match(onCall, t), t, func() {}, do)
}
