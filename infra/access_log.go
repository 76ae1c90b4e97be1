package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// accessLogFormat is a line for each request, in the order of the Common Log Format: what shows who asked for what, what the answer was, after how many
// milliseconds, and why the gateway or the function failed. The caller is who manages drains, which CloudTrail does not record. Callers control only
// the path, which contains the app's name. Headers and the query are not logged, so no password is. As JSON, the names of the fields would double
// the price. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const accessLogFormat = `$context.identity.sourceIp $context.identity.userArn $context.requestId "$context.httpMethod $context.path" ` +
	`$context.status $context.responseLatency "$context.error.message" "$context.integrationErrorMessage"`

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
		Format:         jsii.String(accessLogFormat),
	})
}
