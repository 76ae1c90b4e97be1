package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/stack"
)

// mappingsAPI is the part of AWS Lambda that is used here: *lambda.Client implements it.
type mappingsAPI interface {
	ListEventSourceMappings(context.Context, *lambda.ListEventSourceMappingsInput, ...func(*lambda.Options)) (
		*lambda.ListEventSourceMappingsOutput, error)
}

// noAlertsFix is the fix if the stack is older than the alerts.
const noAlertsFix = "deploy this version with `npx aws-cdk deploy`"

// alertsAPI checks that the alerts function answers the API. To answer, it reads its table.
func (e examiner) alertsAPI(ctx context.Context) []Finding {
	err := e.Alerts(ctx)
	if err == nil {
		return nil
	}
	refused, answered := errors.AsType[*apiclient.Error](err)
	if _, older := errors.AsType[*apiclient.NoAlertsError](err); older {
		return []Finding{{
			Severity: Note, Check: CheckAlerts, What: "the deployed version of heroku-drains has no alerts on the apps", Fix: noAlertsFix,
		}}
	}
	if answered && refused.Status == http.StatusForbidden {
		return []Finding{e.forbidden(refused)}
	}
	return []Finding{e.failed(Finding{Check: CheckAlerts, Fix: "see the log of the alerts function"}, "list the alerts", err)}
}

// alertsQueue checks that what lines matched gets from the alerts queue to the alerts function.
func (e examiner) alertsQueue(ctx context.Context, queues queueAPI, mappings mappingsAPI, outputs stack.Outputs) []Finding {
	const lost = ": no alert is published, and what lines match is lost after 14 days"
	f := Finding{Severity: Error, Check: CheckAlerts, Fix: "deploy the stack again with `npx aws-cdk deploy`"}
	counts := []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	}
	out, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &outputs.AlertsQueueURL, AttributeNames: counts})
	if err != nil {
		return []Finding{e.failed(f, "get the attributes of the alerts queue", err)}
	}
	found, err := mappings.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: &outputs.AlertsFunction})
	switch {
	case err != nil:
		return []Finding{e.failed(f, "list the event source mappings of the alerts function", err)}
	case len(found.EventSourceMappings) == 0:
		f.What = "the alerts queue has no event source mapping" + lost
		return []Finding{f}
	}
	for _, m := range found.EventSourceMappings {
		if state := aws.ToString(m.State); state == "Disabled" || state == "Disabling" {
			f.What = "the event source mapping of the alerts queue is disabled" + lost
			f.Fix = fmt.Sprintf("enable it: `aws lambda update-event-source-mapping --region %s --enabled --uuid %s`",
				regionOf(aws.ToString(m.EventSourceArn)), aws.ToString(m.UUID))
			return []Finding{f}
		}
	}
	waiting := 0
	for _, name := range counts {
		n, _ := strconv.Atoi(out.Attributes[string(name)]) // a number that is missing counts as 0
		waiting += n
	}
	if waiting < backlog {
		return nil
	}
	f.Severity = Warning
	f.What = plural.Count(waiting, "message") + " are waiting in the alerts queue: alerts are late"
	f.Fix = "see the log of the alerts function " + outputs.AlertsFunction
	return []Finding{f}
}

// subscribers checks that somebody receives the alerts.
func (e examiner) subscribers(ctx context.Context, client sns.ListSubscriptionsByTopicAPIClient, topic string) []Finding {
	confirmed := 0
	var waiting []string
	pages := sns.NewListSubscriptionsByTopicPaginator(client, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return []Finding{e.failed(Finding{Check: CheckAlerts, Fix: "deploy the stack again to create it"}, "list the subscriptions of the alerts topic", err)}
		}
		for _, s := range page.Subscriptions {
			if strings.HasPrefix(aws.ToString(s.SubscriptionArn), "arn:") {
				confirmed++
				continue
			}
			waiting = append(waiting, subscriber(aws.ToString(s.Protocol), aws.ToString(s.Endpoint)))
		}
	}
	// SNS deletes a subscription that is not confirmed within 48 hours.
	// https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/
	const confirm = "confirm it with the link in the message that AWS sent there, within 48 hours; after that, subscribe again: "
	subscribe := fmt.Sprintf("`aws sns subscribe --region %s --topic-arn %s --protocol email --notification-endpoint ADDRESS`", regionOf(topic), topic)
	switch {
	case len(waiting) > 0 && confirmed == 0:
		return []Finding{{
			Severity: Warning, Check: CheckAlerts, What: "alerts reach nobody: " + waitingText(waiting), Fix: confirm + subscribe,
		}}
	case len(waiting) > 0:
		return []Finding{{Severity: Note, Check: CheckAlerts, What: waitingText(waiting), Fix: confirm + subscribe}}
	case confirmed == 0:
		return []Finding{{
			Severity: Warning, Check: CheckAlerts, What: "alerts reach nobody: the alerts topic has no subscription",
			Fix: "set alertEmail in cdk.json and deploy, or run " + subscribe + ", and confirm the subscription",
		}}
	}
	return nil
}

// regionOf returns the Region in an ARN: arn:partition:service:region:account:resource.
func regionOf(arn string) string {
	parts := strings.SplitN(arn, ":", 5)
	return parts[min(3, len(parts)-1)]
}

// subscriber names a subscription's receiver. The endpoints of other protocols than email can contain a secret, as those of chats do.
func subscriber(protocol, endpoint string) string {
	if strings.HasPrefix(protocol, "email") {
		return endpoint
	}
	return protocol
}

func waitingText(waiting []string) string {
	if len(waiting) == 1 {
		return "the subscription of " + waiting[0] + " to the alerts topic is not confirmed"
	}
	return "the subscriptions of " + strings.Join(waiting, ", ") + " to the alerts topic are not confirmed"
}
