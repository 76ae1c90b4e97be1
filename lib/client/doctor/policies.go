package doctor

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// policiesPeriod is how far back a function's log is searched. Older failures have probably been fixed.
const policiesPeriod = time.Hour

// functionLog searches a function's log for what its role is not authorized to do, and for messages that durable dedup could not claim: its table may
// be missing, whose name only the function knows.
func (e examiner) functionLog(ctx context.Context, client cloudwatchlogs.FilterLogEventsAPIClient, function string, now time.Time) []Finding {
	group := stack.FunctionLogGroup(function)
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, FilterPattern: aws.String(`?"is not authorized to perform" ?"` + ledger.NotClaimed + `"`),
		StartTime: aws.Int64(now.Add(-policiesPeriod).UnixMilli()),
	})
	var findings []Finding
	seen := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
			return []Finding{{
				Severity: Warning, Check: CheckPolicy, What: "the function " + function + " has no log group " + group,
				Fix: "deploy the stack again to create it",
			}}
		}
		if err != nil {
			return append(findings, e.failed(Finding{Check: CheckPolicy, Fix: "try again"}, "search the log of "+function, err))
		}
		for _, event := range page.Events {
			f := failureIn(aws.ToString(event.Message))
			if !seen[f.What] {
				seen[f.What] = true
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// failureIn returns the finding for a line of a function's log.
func failureIn(text string) Finding {
	if !strings.Contains(text, ledger.NotClaimed) || strings.Contains(text, "is not authorized to perform") {
		f := denied(cause.ReadDenial(text))
		f.Fix += "; the stack's own policies allow it: if they were changed, deploy the stack again"
		return f
	}
	f := Finding{
		Severity: Warning, Check: CheckDedup, What: "durable dedup failed in the last hour: lines may be stored twice",
		Fix: "check that the table in the storage function's DEDUP_TABLE exists and is ACTIVE: if it was deleted, deploy with dedup=warm, then with dedup=durable",
	}
	if strings.Contains(text, "ResourceNotFoundException") {
		f.What += ", because the table of claims does not exist"
	}
	return f
}
