package main

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// accessLogFields are what the gateway notes of a request. Nothing here is the caller's to choose but the path, which holds
// the app's name: neither a header nor the query, and so no password.
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

// addAccessLog keeps a line of each request: an HTTP API has no other trace of what the gateway itself refuses, and of
// who manages drains. A line has some 300 bytes, which makes $0.15 per million of requests.
func addAccessLog(stack awscdk.Stack, s settings, stage awsapigatewayv2.CfnStage) {
	logs := awslogs.NewLogGroup(stack, jsii.String("AccessLog"), &awslogs.LogGroupProps{
		// For groups of this prefix AWS needs no line in the account's resource policy for logs, which holds few.
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
		LogGroupName:  jsii.String("/aws/vendedlogs/" + s.resourceName()),
		Retention:     ownLogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	format, err := json.Marshal(accessLogFields)
	if err != nil {
		panic(err) // a map of strings always has JSON
	}
	stage.SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
		DestinationArn: logs.LogGroupArn(),
		Format:         jsii.String(string(format)),
	})
}
