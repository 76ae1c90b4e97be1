package logs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// firstLook and lastLook are the times between two looks at a query, which usually takes a second or two. Eight queries at a time stay below
	// the quotas for GetQueryResults.
	firstLook = 500 * time.Millisecond
	lastLook  = 5 * time.Second
	// busyPause and busyTries are for an account that already runs as many queries as it may.
	busyPause = 2 * time.Second
	busyTries = 10
	// stopTime limits the call that stops a query.
	stopTime = 5 * time.Second
)

// run runs a query to its end, and returns all rows. If ctx ends, it stops the query.
func (q *queryReader) run(ctx context.Context, in *cloudwatchlogs.StartQueryInput) ([][]types.ResultField, error) {
	id, err := q.start(ctx, in)
	if err != nil {
		return nil, err
	}
	for between := firstLook; ; between = min(between*3/2, lastLook) {
		err := q.wait(ctx, between)
		var out *cloudwatchlogs.GetQueryResultsOutput
		if err == nil {
			out, err = q.Client.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: id})
		}
		if err != nil {
			return nil, errors.Join(err, q.stop(ctx, id))
		}
		switch out.Status {
		case types.QueryStatusComplete:
			return q.rest(ctx, id, out)
		case types.QueryStatusScheduled, types.QueryStatusRunning, types.QueryStatusUnknown: // what it has found so far is not all
		default:
			return nil, fmt.Errorf("the query of Logs Insights ended as %s; try again with a shorter time range", out.Status)
		}
	}
}

// start starts a query, as soon as the account may run another one.
func (q *queryReader) start(ctx context.Context, in *cloudwatchlogs.StartQueryInput) (id *string, err error) {
	for tries := 1; ; tries++ {
		out, err := q.Client.StartQuery(ctx, in)
		if err == nil {
			return out.QueryId, nil
		}
		if _, busy := errors.AsType[*types.LimitExceededException](err); !busy || tries == busyTries {
			return nil, err
		}
		if err := q.wait(ctx, busyPause); err != nil {
			return nil, err
		}
	}
}

// rest returns the rows of the first page of results, and those of the pages after it.
func (q *queryReader) rest(ctx context.Context, id *string, first *cloudwatchlogs.GetQueryResultsOutput) ([][]types.ResultField, error) {
	rows := first.Results
	for next := first.NextToken; next != nil; {
		out, err := q.Client.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: id, NextToken: next})
		if err != nil {
			return nil, err
		}
		rows = append(rows, out.Results...)
		next = out.NextToken
	}
	return rows, nil
}

// RunningError means that a query whose results nobody waits for could not be stopped: it runs on, and counts against the account's quota.
type RunningError struct {
	ID  string // of the query
	Err error
}

// Error names the query.
func (e *RunningError) Error() string {
	return fmt.Sprintf("the query %s of Logs Insights could not be stopped, and may still run: %v", e.ID, e.Err)
}

// Unwrap returns why.
func (e *RunningError) Unwrap() error { return e.Err }

// stop stops a query whose results nobody waits for.
func (q *queryReader) stop(ctx context.Context, id *string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	_, err := q.Client.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: id})
	if _, ended := errors.AsType[*types.InvalidParameterException](err); err == nil || ended {
		return nil
	}
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return nil
	}
	return &RunningError{ID: aws.ToString(id), Err: err}
}
