package dynamodb

import (
	"context"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

const (
	writeBytes = 1 << 10 // of an item, for each write request unit
	readBytes  = 4 << 10 // for each read request unit
)

// countWrite counts a write by the larger one of the item before it and the item after it, in bytes: 0 if there is none. A write whose condition fails
// counts as well. Requests that are not valid do not.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func (s *Service) countWrite(ctx context.Context, before, after int) {
	s.config.Meter.Add(meter.Key{Unit: meter.WriteUnits, Caller: awsapi.Caller(ctx)}, meter.Parts(max(before, after), writeBytes))
}

// countRead counts a read of so many bytes, also of 0: reading an item that does not exist takes a unit. Query and Scan count all items that they read, together, and not only those that pass a filter. A read that is eventually consistent takes
// half as much.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func (s *Service) countRead(ctx context.Context, bytes int, consistent bool) {
	halves := meter.Parts(bytes, readBytes)
	if consistent {
		halves *= 2
	}
	s.config.Meter.Add(meter.Key{Unit: meter.HalfReadUnits, Caller: awsapi.Caller(ctx)}, halves)
}
