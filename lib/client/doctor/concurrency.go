package doctor

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// lambdaAPI is the part of AWS Lambda that is used here: *lambda.Client implements it.
type lambdaAPI interface {
	GetAccountSettings(context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error)
}

const (
	// usualConcurrency is an account's usual limit of concurrent executions in a Region. AWS gives new accounts a lower limit, such as 10.
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	usualConcurrency = 1000

	// ingestConcurrency is how much of a low limit must be left for Heroku's POSTs. A POST takes a few milliseconds.
	ingestConcurrency = 4
)

// concurrency checks that storing lines, and counting what they match, cannot use up this account's Lambda concurrency. Heroku's POSTs would then be refused, and Heroku
// drops a batch that is refused three times. A mapping starts with up to 5 batches at a time, and adds 300 a minute.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
func (e examiner) concurrency(ctx context.Context, client lambdaAPI, conns []connect.Connection) []Finding {
	out, err := client.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return []Finding{e.failed(Finding{Check: CheckThrottling, Fix: "try again"}, "read the Lambda concurrency of this account", err)}
	}
	limit := usualConcurrency
	if out.AccountLimit != nil {
		limit = int(out.AccountLimit.ConcurrentExecutions)
		if unreserved := out.AccountLimit.UnreservedConcurrentExecutions; unreserved != nil {
			limit = int(aws.ToInt32(unreserved)) // none of the functions has reserved concurrency
		}
	}
	if limit >= usualConcurrency {
		return nil
	}
	storing, unlimited := 0, ""
	for _, conn := range conns {
		switch most := conn.Settings.MaximumConcurrency; {
		case conn.Queue == nil: // nothing is stored
		case most == drain.UnlimitedConcurrency:
			unlimited = conn.App
		default:
			storing += most
		}
	}
	if unlimited == "" && storing+stack.AlertsConcurrency+ingestConcurrency <= limit {
		return nil
	}
	what := fmt.Sprintf("Lambda runs at most %s at a time for this account's functions without reserved concurrency, and storing lines may use all of them: "+
		"Heroku's POSTs would then be refused, and lost", plural.Count(limit, "invocation"))
	fix := fmt.Sprintf("request %d concurrent executions for Lambda (Service Quotas)", usualConcurrency)
	if unlimited != "" {
		fix += "; until then, limit each drain, for example with " + e.Command("put -a %s --maximum-concurrency %d", unlimited, drain.MinMaximumConcurrency)
	}
	return []Finding{{Severity: Warning, Check: CheckThrottling, What: what, Fix: fix}}
}
