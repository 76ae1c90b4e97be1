// Package daily reads the ledger of an installation: what became of the lines of each app on each day. See package ledger.
package daily

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// MaxDays is how many days, with today, the ledger can show: the functions' logs are kept no longer.
const MaxDays = stack.FunctionLogDays

// maxRows is more than the query returns: up to three rows for each app and day.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
const maxRows = 100_000

// lead is added to the end of a query's range, because clocks differ.
const lead = 2 * time.Hour

// ErrOlder means that the installation does not say which functions write the ledger, because an older version deployed it.
var ErrOlder = errors.New("the stack's outputs do not name the functions that write the ledger; deploy this version")

// Reader reads the ledger.
type Reader struct {
	Client logs.Client
	Groups []string                                   // the log groups of the storage and of the drains function
	Wait   func(context.Context, time.Duration) error // nil: clock.Sleep
}

// Open returns a Reader for an installation. Its error may be ErrOlder.
func Open(ctx context.Context, at *installation.Installation, wait func(context.Context, time.Duration) error) (*Reader, error) {
	cfg, err := at.AWS(ctx)
	if err != nil {
		return nil, err
	}
	outputs, err := at.Outputs(ctx)
	if err == nil && outputs.StorageFunction == "" { // --api-url skips the stack
		outputs, err = at.Deployed(ctx)
	}
	switch {
	case err != nil:
		return nil, err
	case outputs.StorageFunction == "" || outputs.DrainsFunction == "":
		return nil, ErrOlder
	}
	return &Reader{
		Client: logscall.New(cloudwatchlogs.NewFromConfig(cfg)), Wait: wait,
		Groups: []string{stack.FunctionLogGroup(outputs.StorageFunction), stack.FunctionLogGroup(outputs.DrainsFunction)},
	}, nil
}

// Read returns the last days of these apps, or of all apps, up to now: days is at most MaxDays, and 1 is today, in UTC. Days and apps without lines are
// left out. What happened in the last seconds may be missing, because Logs Insights does not find it yet.
func (r *Reader) Read(ctx context.Context, now time.Time, days int, apps ...string) ([]ledger.Day, error) {
	from := First(now, days)
	results, err := logs.Query(ctx, r.Client, r.Wait, &cloudwatchlogs.StartQueryInput{
		LogGroupNames: r.Groups, QueryString: aws.String(ledger.Query(apps...)), Limit: aws.Int32(maxRows),
		StartTime: aws.Int64(from.Unix()), EndTime: aws.Int64(now.Add(lead).Unix()),
	})
	if err != nil {
		return nil, fmt.Errorf("query Logs Insights: %w", err)
	}
	rows := make([]map[string]string, len(results))
	for i, result := range results {
		rows[i] = make(map[string]string, len(result))
		for _, field := range result {
			rows[i][aws.ToString(field.Field)] = aws.ToString(field.Value)
		}
	}
	return ledger.Read(rows)
}

// First returns the first of the last days, of which today is one.
func First(now time.Time, days int) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-days)
}
