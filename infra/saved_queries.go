package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/insights"
)

// newSavedQueries declares the queries that people find in Logs Insights, in a folder with the stack's name. They cost nothing until someone runs
// them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-querydefinition.html
func newSavedQueries(scope awscdk.Stack, s settings, logs awslogs.LogGroup) {
	for _, q := range (insights.Set{StreamPrefix: s.streamPrefix}).Saved() {
		awslogs.NewCfnQueryDefinition(scope, jsii.String("Query"+q.ID), &awslogs.CfnQueryDefinitionProps{
			Name:          jsii.String(s.stackName.Resource() + "/" + q.Title),
			QueryString:   jsii.String(q.Text),
			LogGroupNames: &[]any{logs.LogGroupName()},
		})
	}
}

// fieldIndexes returns the log group's index policies. Only groups of the class Standard can have field indexes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html
func fieldIndexes(s settings) *[]awslogs.FieldIndexPolicy {
	if s.logClass != awslogs.LogGroupClass_STANDARD {
		return nil
	}
	return &[]awslogs.FieldIndexPolicy{awslogs.NewFieldIndexPolicy(&awslogs.FieldIndexPolicyProps{
		Fields: jsii.Strings(insights.IndexedFields()...),
	})}
}
