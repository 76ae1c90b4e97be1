package cwlogs

import (
	"context"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// countIngested counts events that a log group takes: their bytes, with eventOverhead for each. Events that are rejected are not ingested. The class
// Delivery, which is for AWS's own logs, is counted as Standard.
// https://aws.amazon.com/cloudwatch/pricing/
func (s *Service) countIngested(g *group, caller string, events []inputEvent) {
	total := 0
	for _, e := range events {
		total += len(*e.Message) + eventOverhead
	}
	unit := meter.IngestedBytes
	if g.class == infrequentAccess {
		unit = meter.InfrequentBytes
	}
	s.meter.Add(meter.Key{Unit: unit, Caller: caller, Resource: g.name}, int64(total))
	s.publish(g.name, total, len(events))
}

// CountWritten counts a line that an AWS service writes to a log group of the class Standard. The line is not kept.
func (s *Service) CountWritten(groupName, line string) {
	s.meter.Add(meter.Key{Unit: meter.IngestedBytes, Resource: groupName}, int64(len(line)+eventOverhead))
	s.publish(groupName, len(line)+eventOverhead, 1)
}

// publish tells CloudWatch about events, of so many bytes with eventOverhead for each.
func (s *Service) publish(groupName string, bytes, events int) {
	now := s.clock.Now()
	s.meter.Publish(now, meter.OfGroup(meter.IncomingBytes, groupName), float64(bytes-events*eventOverhead))
	s.meter.Publish(now, meter.OfGroup(meter.IncomingEvents, groupName), float64(events))
}

// countScanned counts what a query reads, also if it is stopped.
func (s *Service) countScanned(ctx context.Context, bytes float64) {
	s.meter.Add(meter.Key{Unit: meter.ScannedBytes, Caller: awsapi.Caller(ctx)}, int64(bytes))
}
