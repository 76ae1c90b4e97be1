package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"
)

// newAlertsTopic declares the SNS topic for alerts on apps, or returns the one that the settings name. It is not the topic of the stack's
// alarms: developers want to know of their apps, operators of the pipeline.
//
// Notifications contain log lines, so the topic is encrypted at rest. The AWS managed key for SNS costs nothing, and its policy admits whoever
// may publish in this account. The alerts function is the only one who does, so the key's limits do not matter: it admits neither
// other services, which is why the topic of the alarms does without it, nor other accounts.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func newAlertsTopic(scope awscdk.Stack, s settings) awssns.ITopic {
	if s.alertTopicARN != "" {
		requireRegion(scope, "AlertTopicRegion", topicRegion(s.alertTopicARN), "alertTopicArn must name a topic in the Region of the stack")
		return awssns.Topic_FromTopicArn(scope, jsii.String("AlertsTopic"), jsii.String(s.alertTopicARN))
	}
	topic := awssns.NewTopic(scope, jsii.String("AlertsTopic"), &awssns.TopicProps{
		DisplayName: jsii.String(s.stackName.Resource()), // the sender's name in emails
		EnforceSSL:  jsii.Bool(true),
		MasterKey:   awskms.Alias_FromAliasName(scope, jsii.String("SNSKey"), jsii.String("alias/aws/sns")),
	})
	if s.alertEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(s.alertEmail), nil))
	}
	return topic
}

// topicRegion returns the Region in a topic's ARN.
func topicRegion(arn string) string { return strings.Split(arn, ":")[3] }

// requireRegion makes CloudFormation refuse to deploy the stack to another Region, before it changes anything. When the stack is synthesized,
// its Region is not known.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func requireRegion(scope awscdk.Stack, id, region, message string) {
	awscdk.NewCfnRule(scope, jsii.String(id), &awscdk.CfnRuleProps{
		Assertions: &[]*awscdk.CfnRuleAssertion{{
			Assert:            awscdk.Fn_ConditionEquals(awscdk.Aws_REGION(), jsii.String(region)),
			AssertDescription: jsii.String(message),
		}},
	})
}
