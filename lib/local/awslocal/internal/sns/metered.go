package sns

import (
	"context"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// billedBytes is how much of a message is one request. https://aws.amazon.com/sns/pricing/
const billedBytes = 64 << 10

// countCall counts a call. The page of the prices does not except calls that fail.
func (s *Service) countCall(ctx context.Context) {
	s.config.Meter.Add(meter.Key{Unit: meter.Publications, Caller: awsapi.Caller(ctx)}, 1)
}

// countPublished counts what a message has beyond the first 64 KB, which countCall has counted, and a delivery to each subscription. Deliveries to
// queues are free; they are counted nevertheless.
func (s *Service) countPublished(ctx context.Context, bytes int, to []subscription) {
	s.config.Meter.Add(meter.Key{Unit: meter.Publications, Caller: awsapi.Caller(ctx)}, meter.Parts(bytes, billedBytes)-1)
	for _, sub := range to {
		s.config.Meter.Add(meter.Key{Unit: meter.Deliveries, Resource: sub.protocol}, 1)
	}
}
