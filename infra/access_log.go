package main

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// accessLogFields are the fields that the gateway logs for each request. Callers control only the path, which contains the app's name. Headers
// and the query are not logged, so no password is.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
var accessLogFields = map[string]string{
	"requestId":        "$context.requestId",
	"ip":               "$context.identity.sourceIp",
	"caller":           "$context.identity.userArn", // who managed a drain: CloudTrail does not record it
	"routeKey":         "$context.routeKey",
	"path":             "$context.path",
	"status":           "$context.status",
	"error":            "$context.error.message",
	"integrationError": "$context.integrationErrorMessage",
	"latency":          "$context.responseLatency", // ms
}

// addAccessLog logs a line for each request: nothing else records which requests the gateway itself rejects, and who manages drains. A line
// has about 300 bytes, which costs $0.15 per million requests.
func addAccessLog(scope awscdk.Stack, s settings, stage awsapigatewayv2.CfnStage) {
	logs := awslogs.NewLogGroup(scope, jsii.String("AccessLog"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(s.stackName.AccessLogGroup()),
		Retention:     ownLogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	format, err := json.Marshal(accessLogFields)
	if err != nil {
		panic(err) // cannot happen: a map of strings always marshals
	}
	stage.SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
		DestinationArn: logs.LogGroupArn(),
		Format:         jsii.String(string(format)),
	})
}
