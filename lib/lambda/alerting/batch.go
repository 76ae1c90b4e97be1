package alerting

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/lambda/metrics"
)

// parallel is how many items of a batch are worked on at a time.
const parallel = 8

// batch handles messages of the queue. Its response names those that SQS must deliver again: what failed, and Ticks of what is not told yet.
// A message that cannot be read is logged, counted and not delivered again, because it never can be read.
func (h *Handler) batch(ctx context.Context, batch events.SQSEvent) events.SQSEventResponse {
	p := plan{now: h.Now(), rules: h.Rules, log: h.Log, jobs: map[itemKey]*job{}}
	var counts metrics.Alerts
	for i := range batch.Records {
		if err := p.add(ctx, i, &batch.Records[i]); err != nil {
			counts.Unreadable++
			h.Log.ErrorContext(ctx, "message unreadable: it is deleted", "message_id", batch.Records[i].MessageId, "error", err)
		}
	}
	again, failed := map[int]bool{}, map[int]bool{}
	for _, r := range h.run(ctx, p.all()) {
		if r.err != nil {
			h.Log.ErrorContext(ctx, "messages not handled: they are delivered again", "app", r.app, "key", r.key, "messages", len(r.failed), "error", r.err)
		}
		counts.Untold += r.untold
		for _, message := range r.failed {
			again[message], failed[message] = true, true
		}
		for _, message := range r.waiting {
			again[message] = true
		}
	}
	counts.Failed = len(failed)
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, i := range slices.Sorted(maps.Keys(again)) {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: batch.Records[i].MessageId})
	}
	if err := h.Metrics.Write(p.now, counts); err != nil {
		h.Log.WarnContext(ctx, "metrics not written", "error", err)
	}
	return response
}

// run does jobs, several at a time.
func (h *Handler) run(ctx context.Context, jobs []*job) []result {
	results := make([]result, len(jobs))
	var group errgroup.Group
	group.SetLimit(parallel)
	for i, j := range jobs {
		group.Go(func() error {
			results[i] = h.do(ctx, j)
			return nil
		})
	}
	_ = group.Wait() // each result has its error
	return results
}

// result is what became of a job.
type result struct {
	itemKey
	err     error // why messages failed
	failed  []int // messages to deliver again because something failed
	waiting []int // messages to deliver again because something is not told yet
	untold  int   // notifications that could not be published
}

// errOutOfTime is the error of jobs for which no time was left.
var errOutOfTime = errors.New("out of time")

// do does a job.
func (h *Handler) do(ctx context.Context, j *job) result {
	r := result{itemKey: j.itemKey}
	if ctx.Err() != nil {
		r.err, r.failed = errOutOfTime, j.all()
		return r
	}
	switch {
	case j.early != nil:
		r.err = h.Clock.Send(ctx, *j.early, j.early.Due.Sub(h.Now()))
	case j.app == stormApp:
		h.doStorm(ctx, j, &r)
	case j.key == releaseKey:
		r.err = h.recordRelease(ctx, j)
	case len(j.dropped) > 0:
		r.err = h.recordDropped(ctx, j)
	default:
		h.doRule(ctx, j, &r)
	}
	if r.err != nil && len(r.failed) == 0 {
		r.failed = j.all()
	}
	return r
}
