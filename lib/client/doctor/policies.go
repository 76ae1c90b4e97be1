package doctor

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/stack"
)

// policiesPeriod is how far back a function's log is searched. Older failures have probably been fixed.
const policiesPeriod = time.Hour

// policies searches a function's log for what its role is not authorized to do.
func (e examiner) policies(ctx context.Context, client cloudwatchlogs.FilterLogEventsAPIClient, function string, now time.Time) []Finding {
	group := stack.FunctionLogGroup(function)
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, FilterPattern: aws.String(`"is not authorized to perform"`),
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
			f := denied(cause.ReadDenial(aws.ToString(event.Message)))
			if !seen[f.What] {
				seen[f.What] = true
				f.Fix += "; the stack's own policies allow it: if they were changed, deploy the stack again"
				findings = append(findings, f)
			}
		}
	}
	return findings
}
