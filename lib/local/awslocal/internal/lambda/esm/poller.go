package esm

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const (
	// parallelBatches is how many batches are processed in parallel by default: "Lambda starts reading up to five batches and sends them to
	// your function." Unlike on AWS, the number does not grow from there.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
	parallelBatches = 5
	// longPoll is how long a receive waits: SQS's maximum.
	longPoll = 20 * time.Second
	// receiveSize is the maximum number of messages in one receive, as in SQS. More could hide messages that do not fit into the batch.
	receiveSize = 10
	// errorPause is how long a poller pauses after an error while receiving.
	errorPause = 20 * time.Second
)

// poller passes the messages of a mapping's queue to its function, with the settings at the time it was started.
type poller struct {
	service         *Service
	mapping         *mapping // only for report
	queue, function string
	settings        settings
	log             *slog.Logger
	slots           chan struct{} // contains one token for each batch that is being gathered or processed
}

// poll starts a mapping's poller. The Service must be locked.
func (s *Service) poll(m *mapping) {
	if m.functionMissing || s.closed {
		return
	}
	parallel := parallelBatches
	if m.settings.concurrency > 0 {
		parallel = m.settings.concurrency
	}
	p := &poller{
		service:  s,
		mapping:  m,
		queue:    m.queue,
		function: m.function.ARN,
		settings: m.settings,
		log:      s.config.Log.With("mapping", m.id, "queue", m.queue, "function", m.function.ARN),
		slots:    make(chan struct{}, parallel),
	}
	ctx, stop := context.WithCancel(s.lifetime)
	m.stop = stop
	s.batches.Add(1)
	s.background(func() {
		defer s.batches.Done()
		p.run(ctx)
	})
}

// run polls until ctx ends. It gathers a batch only when the function has capacity for it, so that messages are not hidden while they wait.
// Messages received before ctx ends are still processed.
func (p *poller) run(ctx context.Context) {
	var held []record // received, but did not fit into the previous batch
	for ctx.Err() == nil || len(held) > 0 {
		select {
		case p.slots <- struct{}{}:
		case <-p.service.lifetime.Done():
			return
		}
		var b batch
		var err error
		held, err = p.gather(ctx, &b, held)
		if len(b.records) > 0 {
			p.service.batches.Add(1)
			p.service.tasks.Go(func() {
				defer p.service.batches.Done()
				p.process(b)
				<-p.slots
			})
			continue
		}
		<-p.slots
		if err != nil && ctx.Err() == nil {
			p.handleError(ctx, err)
		}
	}
}

// gather fills a batch, first with the held records and then with messages from the queue, until the batch is full or the batching window
// ends. The window starts with the first record. gather returns the records that did not fit.
func (p *poller) gather(ctx context.Context, b *batch, held []record) ([]record, error) {
	clock := p.service.config.Clock
	var end time.Time // of the window
	for {
		held = b.add(held, p.settings.batchSize)
		if len(held) > 0 || len(b.records) == p.settings.batchSize {
			return held, nil
		}
		if ctx.Err() != nil { // a receive would still return messages
			return nil, nil
		}
		wait := longPoll
		if len(b.records) > 0 {
			now := clock.Now()
			if end.IsZero() {
				end = now.Add(p.settings.window)
			}
			if wait = min(wait, end.Sub(now)); wait <= 0 {
				return nil, nil
			}
		}
		messages, err := p.service.config.Queues.Receive(ctx, p.queue, min(receiveSize, p.settings.batchSize-len(b.records)), wait)
		if err != nil {
			return nil, err
		}
		if len(messages) == 0 && len(b.records) == 0 {
			return nil, nil
		}
		for i, m := range messages {
			r, err := newRecord(m, p.queue, p.service.config.Account.Region)
			if err != nil {
				p.service.config.Queues.Release(p.queue, len(messages)-i)
				return held, err
			}
			held = append(held, r)
		}
	}
}

// process passes a batch to the function and deletes the messages that it processed. The others become visible again after the visibility
// timeout.
func (p *poller) process(b batch) {
	defer p.service.config.Queues.Release(p.queue, len(b.records))
	response, err := p.service.config.Functions.Invoke(p.service.lifetime, p.function, b.event())
	var failed map[string]bool
	if err == nil && p.settings.reportFailures {
		failed, err = failedItems(response, b.records)
	}
	if err != nil {
		p.log.Debug("batch failed", "messages", len(b.records), "error", err)
		p.report(callFailed)
		return
	}
	var handles []string
	for _, r := range b.records {
		if !failed[r.id] {
			handles = append(handles, r.receiptHandle)
		}
	}
	p.service.config.Queues.Delete(p.queue, handles...)
	p.report(processed)
}

// handleError reports an error while receiving, usually because the queue does not exist, and pauses.
func (p *poller) handleError(ctx context.Context, err error) {
	p.log.Debug("receive failed", "error", err)
	message := err.Error()
	if rejected, ok := errors.AsType[*awsapi.Error](err); ok {
		message = rejected.Message
	}
	p.report(problemStart + message)
	_ = p.service.config.Clock.Wait(ctx, errorPause) // if ctx ends, so does the loop in run
}

func (p *poller) report(result string) {
	p.service.mu.Lock()
	defer p.service.mu.Unlock()
	p.mapping.lastResult = result
}
