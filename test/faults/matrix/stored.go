package matrix

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/stack"
	"heroku-drains/test/faults/lines"
)

// stored returns the log events of an app.
func (w *World) stored(app *App) ([]lines.Stored, error) {
	var all []lines.Stored
	in := &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(app.Stream()), StartFromHead: aws.Bool(true),
	}
	for {
		page, err := w.Logs.GetLogEvents(w.Context, in)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the log stream of %s: %w", app.Name, err)
		}
		for _, e := range page.Events {
			all = append(all, lines.Stored{
				Text: aws.ToString(e.Message), Time: aws.ToInt64(e.Timestamp), Ingested: time.UnixMilli(aws.ToInt64(e.IngestionTime)),
			})
		}
		// The last page is the one that returns its own token.
		if aws.ToString(page.NextForwardToken) == aws.ToString(in.NextToken) {
			return all, nil
		}
		in.NextToken = page.NextForwardToken
	}
}

// requests returns what was sent, by request. copies are by frame ID.
func requests(ledger *simulate.Ledger, copies map[string]int) []lines.Request {
	var all []lines.Request
	at := map[string]int{} // the index by frame ID
	for e := range ledger.All() {
		r := lines.Request{
			ID: e.FrameID, At: e.Made, Acknowledged: e.Outcome == simulate.Acknowledged, MaybeStored: e.MaybeStored, Report: e.Loss,
			Messages: [][]byte{e.Raw}, Copies: copies[e.FrameID], Late: e.Took >= slowAnswer,
		}
		// What log-shuttle takes for final may be the answer of a gateway whose function was killed after it had sent the lines to the queue.
		r.MaybeStored = r.MaybeStored || e.Status >= http.StatusInternalServerError
		i, known := at[e.FrameID]
		if e.FrameID == "" || e.Loss || !known {
			if !e.Loss {
				at[e.FrameID] = len(all)
			}
			all = append(all, r)
			continue
		}
		all[i].Messages = append(all[i].Messages, e.Raw)
	}
	return all
}
