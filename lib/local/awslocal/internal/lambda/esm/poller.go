package esm

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const (
	// parallelBatches: "Lambda starts reading up to five batches and sends them to your function." It does not scale up from there here.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
	parallelBatches = 5
	// longPoll is the longest wait of one receive, as SQS has it.
	longPoll = 20 * time.Second
	// receiveSize is how many messages SQS gives at once. More would hide messages that the batch may have no room for.
	receiveSize = 10
	// faultPause is how long a poller waits after its queue could not be read.
	faultPause = 20 * time.Second
)

// poller brings messages of a mapping's queue to its function, by the settings it was started with.
type poller struct {
	service         *Service
	mapping         *mapping // only to report to
	queue, function string
	settings        settings
	log             *slog.Logger
	slots           chan struct{} // holds one token for each batch in flight
}

// poll starts the mapping's poller. The lock is held.
func (s *Service) poll(m *mapping) {
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
	s.begin(func() { p.run(ctx) })
}

// run polls until ctx ends. A batch is gathered only when the function has room for it, so that messages do not wait hidden. What was
// received before the end is still processed.
func (p *poller) run(ctx context.Context) {
	var held []record // received, without room in the batch before
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
			p.service.tasks.Go(func() {
				p.process(b)
				<-p.slots
			})
			continue
		}
		<-p.slots
		if err != nil && ctx.Err() == nil {
			p.fault(ctx, err)
		}
	}
}

// gather fills a batch: first with the records held over, then with what the queue has, until it is full or the window is over, which
// starts with the first record. It returns the records without room.
func (p *poller) gather(ctx context.Context, b *batch, held []record) ([]record, error) {
	clock := p.service.config.Clock
	var end time.Time // of the window
	for {
		held = b.add(held, p.settings.batchSize)
		if len(held) > 0 || len(b.records) == p.settings.batchSize {
			return held, nil
		}
		if ctx.Err() != nil { // a receive would still find what is there
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
		for _, m := range messages {
			r, err := newRecord(m, p.queue, p.service.config.Account.Region)
			if err != nil {
				return held, err
			}
			held = append(held, r)
		}
	}
}

// process hands a batch to the function, and deletes what it processed. All else becomes visible again after the visibility timeout.
func (p *poller) process(b batch) {
	response, err := p.service.config.Functions.Invoke(p.service.lifetime, p.function, b.event())
	var failed map[string]bool
	if err == nil && p.settings.reportFailures {
		failed, err = failures(response, b.records)
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

// fault shows that the queue could not be read, most often because it is gone, and waits before it is tried again.
func (p *poller) fault(ctx context.Context, err error) {
	p.log.Debug("queue not readable", "error", err)
	message := err.Error()
	if refusal := (*awsapi.Error)(nil); errors.As(err, &refusal) {
		message = refusal.Message
	}
	p.report(problemStart + message)
	_ = p.service.config.Clock.Wait(ctx, faultPause) // the end of ctx ends the loop as well
}

func (p *poller) report(result string) {
	p.service.mu.Lock()
	defer p.service.mu.Unlock()
	p.mapping.lastResult = result
}
