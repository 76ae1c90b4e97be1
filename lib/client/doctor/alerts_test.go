package doctor

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/stack"
)

func TestAlertsAPI(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want []string
	}{
		"fine": {nil, nil},
		"an older stack": {&apiclient.NoAlertsError{Err: &apiclient.Error{Status: 404, Foreign: true}}, []string{
			"note|alerts||the deployed version of heroku-drains has no alerts on the apps|deploy this version with `npx aws-cdk deploy`"}},
		"not allowed": {&apiclient.Error{Method: "GET", Status: 403, Message: "Forbidden"}, []string{
			"error|policy||me is not authorized to perform execute-api:Invoke on the drains API: Forbidden|" +
				"allow it (read-policy.json in docs/deploy.md); if it is allowed, check the Region and the clock, which are part of the signature (--region, --profile)"}},
		"broken": {&apiclient.Error{Status: 500, Code: "InternalError", Message: "failed", RequestID: "r1"}, []string{
			"error|alerts||list the alerts: failed (request ID r1)|see the log of the alerts function"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := onAWS
			e.Alerts = func(context.Context) error { return tt.err }
			want(t, e.alertsAPI(t.Context()), tt.want...)
		})
	}
}

// alertsQueue is an SQS with one queue, and a Lambda with the mappings of one function.
type alertsQueue struct {
	attributes map[string]string
	states     []string // of the mappings
	err        error
}

func (q alertsQueue) GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	return &sqs.GetQueueAttributesOutput{Attributes: q.attributes}, q.err
}

func (q alertsQueue) ListEventSourceMappings(context.Context, *lambda.ListEventSourceMappingsInput, ...func(*lambda.Options)) (
	*lambda.ListEventSourceMappingsOutput, error) {
	var out lambda.ListEventSourceMappingsOutput
	for _, state := range q.states {
		out.EventSourceMappings = append(out.EventSourceMappings, lambdatypes.EventSourceMappingConfiguration{State: &state, UUID: aws.String("u-1"), EventSourceArn: aws.String("arn:aws:sqs:eu-west-1:1:alerts")})
	}
	return &out, nil
}

func TestAlertsQueue(t *testing.T) {
	const (
		deploy = "|deploy the stack again with `npx aws-cdk deploy`"
		lost   = ": no alert is published, and what lines match is lost after 14 days"
	)
	waiting := func(visible, inFlight string) map[string]string {
		return map[string]string{"ApproximateNumberOfMessages": visible, "ApproximateNumberOfMessagesNotVisible": inFlight}
	}
	for name, tt := range map[string]struct {
		queue alertsQueue
		want  []string
	}{
		"fine":     {alertsQueue{attributes: waiting("499", "500"), states: []string{"Enabled"}}, nil},
		"updating": {alertsQueue{attributes: waiting("0", "0"), states: []string{"Updating"}}, nil},
		"no queue": {
			alertsQueue{err: &smithy.GenericAPIError{Code: "QueueDoesNotExist", Message: "The specified queue does not exist."}},
			[]string{"error|alerts||get the attributes of the alerts queue: The specified queue does not exist. (QueueDoesNotExist)" + deploy},
		},
		"no mapping": {alertsQueue{attributes: waiting("0", "0")}, []string{"error|alerts||the alerts queue has no event source mapping" + lost + deploy}},
		"disabled": {alertsQueue{attributes: waiting("0", "0"), states: []string{"Disabled"}}, []string{
			"error|alerts||the event source mapping of the alerts queue is disabled" + lost +
				"|enable it: `aws lambda update-event-source-mapping --region eu-west-1 --enabled --uuid u-1`"}},
		"slow": {alertsQueue{attributes: waiting("400", "600"), states: []string{"Enabled"}}, []string{
			"warning|alerts||1000 messages are waiting in the alerts queue: alerts are late|see the log of the alerts function alerts"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, onAWS.alertsQueue(t.Context(), tt.queue, tt.queue, stack.Outputs{AlertsFunction: "alerts", AlertsQueueURL: "url"}), tt.want...)
		})
	}
}

// subscriptions is an SNS with one topic, whose subscriptions are listed one a page.
type subscriptions struct {
	all []snstypes.Subscription
	err error
}

func (s subscriptions) ListSubscriptionsByTopic(_ context.Context, in *sns.ListSubscriptionsByTopicInput, _ ...func(*sns.Options)) (
	*sns.ListSubscriptionsByTopicOutput, error) {
	n := len(aws.ToString(in.NextToken))
	if s.err != nil || n >= len(s.all) {
		return &sns.ListSubscriptionsByTopicOutput{}, s.err
	}
	return &sns.ListSubscriptionsByTopicOutput{Subscriptions: s.all[n : n+1], NextToken: aws.String(aws.ToString(in.NextToken) + "x")}, nil
}

func TestSubscribers(t *testing.T) {
	const (
		subscribe = "`aws sns subscribe --region eu-west-1 --topic-arn arn:aws:sns:eu-west-1:1:topic --protocol email --notification-endpoint ADDRESS`"
		confirm   = "|confirm it with the link in the message that AWS sent there, within 48 hours; after that, subscribe again: " + subscribe
	)
	subscription := func(protocol, endpoint, arn string) snstypes.Subscription {
		return snstypes.Subscription{Protocol: &protocol, Endpoint: &endpoint, SubscriptionArn: &arn}
	}
	confirmed := subscription("email", "ops@example.com", "arn:aws:sns:eu-west-1:1:topic:s-1")
	pending := subscription("email", "dev@example.com", "PendingConfirmation")
	chat := subscription("https", "https://hooks.example.com/s3cret", "PendingConfirmation")
	for name, tt := range map[string]struct {
		topic subscriptions
		want  []string
	}{
		"somebody": {subscriptions{all: []snstypes.Subscription{confirmed}}, nil},
		"nobody": {subscriptions{}, []string{"warning|alerts||alerts reach nobody: the alerts topic has no subscription|" +
			"set alertEmail in cdk.json and deploy, or run " + subscribe + ", and confirm the subscription"}},
		"nobody confirmed": {subscriptions{all: []snstypes.Subscription{pending, chat}}, []string{
			"warning|alerts||alerts reach nobody: the subscriptions of dev@example.com, https to the alerts topic are not confirmed" + confirm}},
		"not all confirmed": {subscriptions{all: []snstypes.Subscription{confirmed, pending}}, []string{
			"note|alerts||the subscription of dev@example.com to the alerts topic is not confirmed" + confirm}},
		"no topic": {subscriptions{err: &smithy.GenericAPIError{Code: "NotFound", Message: "Topic does not exist"}}, []string{
			"error|alerts||list the subscriptions of the alerts topic: Topic does not exist (NotFound)|deploy the stack again to create it"}},
		"not allowed": {subscriptions{err: &smithy.GenericAPIError{Code: "AuthorizationError",
			Message: "User: me is not authorized to perform: SNS:ListSubscriptionsByTopic on resource: arn:topic because no policy allows it"}}, []string{
			"error|policy||me is not authorized to perform SNS:ListSubscriptionsByTopic on arn:topic|" +
				"allow SNS:ListSubscriptionsByTopic on arn:topic in a policy of me"}},
		"another failure": {subscriptions{err: errors.New("no route to host")}, []string{
			"error|alerts||list the subscriptions of the alerts topic: no route to host|deploy the stack again to create it"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, onAWS.subscribers(t.Context(), tt.topic, "arn:aws:sns:eu-west-1:1:topic"), tt.want...)
		})
	}
}
