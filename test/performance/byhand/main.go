// Byhand is a Lambda function with three clients of the AWS SDK that are configured by hand, which does nothing else: the least that a function of
// this kind is, with which performance compares how soon the functions of this module start.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {
	cfg := aws.Config{
		Region:      os.Getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
	}
	logs, table, queues := cloudwatchlogs.NewFromConfig(cfg), dynamodb.NewFromConfig(cfg), sqs.NewFromConfig(cfg)
	lambda.Start(func(ctx context.Context, payload []byte) ([]byte, error) {
		if _, err := logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{}); err != nil {
			return nil, err
		}
		if _, err := table.PutItem(ctx, &dynamodb.PutItemInput{}); err != nil {
			return nil, err
		}
		_, err := queues.SendMessage(ctx, &sqs.SendMessageInput{})
		return payload, err
	})
}
