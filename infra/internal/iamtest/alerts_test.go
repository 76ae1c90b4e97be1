package iamtest_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"heroku-drains/infra/internal/iamtest"
)

// The answers of these calls do not matter, so neither the table nor the topic exists.
func TestRequestsOfTablesAndTopics(t *testing.T) {
	c := newCloud(t)
	config := c.server.ConfigFor("caller")
	tables, topics := dynamodb.NewFromConfig(config), sns.NewFromConfig(config)
	const table, topic = "arn:aws:dynamodb" + account + "table/alerts", "arn:aws:sns" + account + "alerts"
	name, arn := aws.String("alerts"), aws.String(topic)
	key := map[string]types.AttributeValue{"app": &types.AttributeValueMemberS{Value: "shop"}}
	for action, test := range map[string]struct {
		do       func(context.Context)
		resource string
	}{
		"dynamodb:GetItem": {func(ctx context.Context) { tables.GetItem(ctx, &dynamodb.GetItemInput{TableName: name, Key: key}) }, table},
		"dynamodb:PutItem": {func(ctx context.Context) {
			tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(table), Item: key})
		}, table},
		"dynamodb:DeleteItem": {func(ctx context.Context) {
			tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: name, Key: key})
		}, table},
		"dynamodb:Query": {func(ctx context.Context) { tables.Query(ctx, &dynamodb.QueryInput{TableName: name}) }, table},
		"dynamodb:Scan":  {func(ctx context.Context) { tables.Scan(ctx, &dynamodb.ScanInput{TableName: name}) }, table},
		"sns:Publish": {func(ctx context.Context) {
			topics.Publish(ctx, &sns.PublishInput{TopicArn: arn, Message: aws.String("m")})
		}, topic},
		"sns:ListSubscriptionsByTopic": {func(ctx context.Context) {
			topics.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: arn})
		}, topic},
		"sns:GetTopicAttributes": {func(ctx context.Context) {
			topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: arn})
		}, topic},
	} {
		t.Run(action, func(t *testing.T) {
			want := []iamtest.Request{{Caller: "caller", Action: action, Resource: test.resource, Scope: test.resource}}
			wantRequests(t, c.recorded(t, test.do), want)
		})
	}
}
