package logs

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Query runs a query of Logs Insights to its end, and returns all rows. It waits with wait; nil: clock.Sleep. If ctx ends, it stops the query.
func Query(ctx context.Context, client Client, wait func(context.Context, time.Duration) error, in *cloudwatchlogs.StartQueryInput) (
	[][]types.ResultField, error) {
	q := &queryReader{Streams: &Streams{Client: client, Wait: wait}}
	return q.run(ctx, in)
}
