package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// addAccessLog logs a line for each request: nothing else records which requests the gateway itself rejects, and who manages drains. A POST's line
// has about 105 bytes, as CloudWatch Logs counts them, which costs $0.05 per million requests.
func addAccessLog(scope awscdk.Stack, s settings, stage awsapigatewayv2.CfnStage) {
	logs := awslogs.NewLogGroup(scope, jsii.String("AccessLog"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(s.stackName.AccessLogGroup()),
		Retention:     ownLogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stage.SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
		DestinationArn: logs.LogGroupArn(),
		Format:         jsii.String(stack.AccessLogFormat),
	})
}
