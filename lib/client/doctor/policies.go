package doctor

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/stack"
)

// Logs searches logs: a cloudwatchlogs.Client.
type Logs interface {
	cloudwatchlogs.FilterLogEventsAPIClient
}

// policiesTime is how far back a function's complaints are of interest: what has been mended since is of none.
const policiesTime = time.Hour

// Policies looks into a function's own log for what its role may not do.
func (d Doctor) Policies(ctx context.Context, client Logs, function string, now time.Time) []Finding {
	group := stack.FunctionLogGroup(function)
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, FilterPattern: aws.String(`"is not authorized to perform"`),
		StartTime: aws.Int64(now.Add(-policiesTime).UnixMilli()),
	})
	var findings []Finding
	met := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var none *types.ResourceNotFoundException
		if errors.As(err, &none) {
			return []Finding{{Warning, "policy", "", "the function " + function + " has no log group " + group, "deploy again, to see what it says"}}
		}
		if err != nil {
			return append(findings, failed("policy", "look into the log of "+function, err, "try again"))
		}
		for _, event := range page.Events {
			f, is := denial(aws.ToString(event.Message))
			if is && !met[f.What] {
				met[f.What] = true
				f.Fix += "; the stack's own policies allow it: deploy again if they were changed"
				findings = append(findings, f)
			}
		}
	}
	return findings
}
