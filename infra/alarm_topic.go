package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"
)

// newAlarmTopic declares the SNS topic that all alarms notify.
//
// It is not encrypted at rest. The AWS managed key for SNS does not allow CloudWatch to use it, and its policy cannot be changed: every alarm
// would be lost. A customer managed key costs $1 a month, for messages that contain only names of alarms and numbers.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func newAlarmTopic(scope awscdk.Stack, s settings) awssns.Topic {
	topic := awssns.NewTopic(scope, jsii.String("AlarmTopic"), &awssns.TopicProps{
		DisplayName: jsii.String(s.stackName.Resource()), // the sender's name in emails
		EnforceSSL:  jsii.Bool(true),
	})
	// The policy that enforces TLS replaces the default one, which allows the account's alarms to publish.
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("AlarmsOfThisStack"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"),
		Resources:  &[]*string{topic.TopicArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": scope.FormatArn(&awscdk.ArnComponents{
			Service:      jsii.String("cloudwatch"),
			Resource:     jsii.String("alarm"),
			ResourceName: jsii.String(s.stackName.Alarm("*")),
			ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})}},
	}))
	if s.alertEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(s.alertEmail), nil))
	}
	return topic
}
