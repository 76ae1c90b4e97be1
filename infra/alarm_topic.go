package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"
)

// newAlarmTopic is where all alarms go, for whoever subscribes.
//
// It is not encrypted at rest: AWS's own key for SNS does not let CloudWatch in, and its policy can't be changed, so that
// every alarm would be lost; a key of one's own is $1 a month, for messages that hold the names of alarms and their numbers.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func newAlarmTopic(stack awscdk.Stack, s settings) awssns.Topic {
	topic := awssns.NewTopic(stack, jsii.String("AlarmTopic"), &awssns.TopicProps{
		DisplayName: jsii.String(s.resourceName()), // the sender's name in e-mails
		EnforceSSL:  jsii.Bool(true),
	})
	// The policy that comes with TLS only takes the place of SNS's own, which lets the account's alarms in.
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("AlarmsOfThisStack"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"),
		Resources:  &[]*string{topic.TopicArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
			Service:      jsii.String("cloudwatch"),
			Resource:     jsii.String("alarm"),
			ResourceName: jsii.String(s.resourceName() + "-*"),
			ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})}},
	}))
	if s.alertEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(s.alertEmail), nil))
	}
	return topic
}
