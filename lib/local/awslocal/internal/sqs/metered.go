package sqs

import (
	"context"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// billedBytes is how much of a payload is one request. https://aws.amazon.com/sqs/pricing/
const billedBytes = 64 << 10

// ServeHTTP answers one call, and counts it: every action is a request, a batch as well, and so is a receive that returns nothing. The page of the prices
// does not except actions that fail. https://aws.amazon.com/sqs/pricing/
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.meter.Add(meter.Key{Unit: meter.QueueRequests, Caller: awsapi.Caller(r.Context())}, 1)
	s.JSON.ServeHTTP(w, r)
}

// countPayload counts what a call carries beyond the first 64 KB. ServeHTTP has counted the call.
func (s *Service) countPayload(ctx context.Context, bytes int) {
	s.meter.Add(meter.Key{Unit: meter.QueueRequests, Caller: awsapi.Caller(ctx)}, meter.Parts(bytes, billedBytes)-1)
}

// countReceived counts the calls in which Lambda receives messages for an event source mapping. Those that return nothing are not counted here, because
// Lambda has several pollers for each mapping, and this embedded AWS has one: see esm.Service.Polling.
func (s *Service) countReceived(queue string, messages []Message) {
	if len(messages) == 0 {
		return
	}
	calls := meter.Parts(len(messages), maxBatch)
	s.meter.Add(meter.Key{Unit: meter.QueueRequests, Resource: queue}, max(calls, meter.Parts(payload(messages), billedBytes)))
}

// countDeleted counts the calls in which Lambda deletes messages: up to ten in each.
func (s *Service) countDeleted(queue string, messages int) {
	if messages > 0 {
		s.meter.Add(meter.Key{Unit: meter.QueueRequests, Resource: queue}, meter.Parts(messages, maxBatch))
	}
}

// payload returns the size of messages in bytes.
func payload(messages []Message) int {
	size := 0
	for _, m := range messages {
		size += len(m.Body) + attributesSize(m.MessageAttributes)
	}
	return size
}
